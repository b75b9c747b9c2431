"""What forms of sections share: a draft saves unfinished, and what somebody else saved meanwhile is not lost."""

from app.kernel.forms import Form, Mark
from app.needs.models import Need
from app.needs.sections import fingerprint

STALE = (
    "Somebody else changed this section while you were working on it. What you typed is still in the form, "
    "below what is saved now. Press the button again to save yours instead."
)


class SectionForm(Form):
    """One section of a need; a draft may be saved unfinished, so nothing here is required."""

    version = Mark()
    is_stale = False

    def is_current_section(self, need: Need, section: str) -> bool:
        """Whether nobody changed the section since this page was shown; otherwise says so, and a second press saves."""
        now = fingerprint(need, section)
        if self.version.data == now:
            return True
        self.version.data, self.is_stale = now, True
        self.refuse(STALE)
        return False
