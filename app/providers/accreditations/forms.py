"""The form of an accreditation."""

from typing import Any

from app.accounts.registers import is_web_address
from app.capabilities.choices import STANDARDS
from app.kernel.forms import Choice, Day, Text, VersionedForm

OTHER = "other"


class AccreditationForm(VersionedForm):
    """What was examined, by whom, and until when that holds."""

    standard = Choice(
        "What are you accredited against?",
        [*STANDARDS.items(), (OTHER, "Another scheme")],
        style="select",
        required="Select what you are accredited against",
    )
    scheme = Text(
        "Name of the other scheme",
        hint="Only if you selected another scheme. For example, CREST or G-Cloud penetration testing.",
        required=False,
        mark_optional=False,
        called="The name",
        max_length=120,
    )
    number = Text("Certificate number", required=False, called="The number", max_length=120, width=20)
    issuer = Text("Who issued it?", required="Enter who issued it", called="The name of the issuer", max_length=200)
    valid_from = Day("Valid from", required=False, called="The first day")
    valid_until = Day(
        "Valid until",
        hint="The last day on which it holds. Leave it empty if it has no end. For example, 27 3 2027",
        required=False,
        called="The last day",
    )
    link = Text(
        "Where can it be checked?",
        hint="A page of the issuer, for example https://www.example.com/123",
        required=False,
        called="The address",
        max_length=300,
    )

    def cross_check(self) -> None:
        self._check_scheme()
        first, last = self.valid_from.data, self.valid_until.data
        if first and last and last < first:
            self.fail("valid_until", "The last day must be the first day or later")
        if self.link.data and not is_web_address(str(self.link.data)):
            self.fail("link", "Enter an address that starts with https:// or http://, like https://www.example.com")

    def _check_scheme(self) -> None:
        if self.standard.data == OTHER and not self.scheme.data:
            self.fail("scheme", "Enter the name of the scheme")
        elif self.standard.data != OTHER and self.scheme.data:
            self.fail("scheme", "Select “Another scheme”, or leave its name empty")

    @property
    def content(self) -> dict[str, Any]:
        given = super().content
        return given | {"standard": "" if given["standard"] == OTHER else given["standard"]}
