"""The form of what a provider is looking for."""

from app.capabilities.queries import choices as capability_choices
from app.kernel.forms import Choices, LongText, Money, VersionedForm, YesNo
from app.providers.wishes.choices import RUNGS


class WishForm(VersionedForm):
    """Which partners, and which kinds of need."""

    wants_partners = YesNo(
        "Are you looking for partners?", hint="To answer needs together that none covers alone.", required=False
    )
    partner_capabilities = Choices(
        "What should partners be able to do?",
        capability_choices,
        hint="Only if you are looking for partners.",
        most=15,
        required=False,
    )
    need_capabilities = Choices(
        "Which needs are you looking for?", capability_choices, hint="By what they ask for.", most=15, required=False
    )
    rungs = Choices(
        "How firm should a need be?", [(key, name, meaning) for key, (name, meaning) in RUNGS.items()], required=False
    )
    low_pence = Money("Smallest worth your while", called="The smallest value", required=False)
    high_pence = Money("Largest that you can carry", called="The largest value", required=False)
    words = LongText("In your own words", max_words=150, required=False)

    def cross_check(self) -> None:
        low, high = self.low_pence.data, self.high_pence.data
        if low is not None and high is not None and high < low:
            self.fail("high_pence", "The largest value must be the smallest or more")
        if self.partner_capabilities.data and not self.wants_partners.data:
            self.fail("wants_partners", "Say yes if you are looking for partners, or select nothing for them below")
