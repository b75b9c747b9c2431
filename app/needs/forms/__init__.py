"""Forms of needs: sections, and single acts."""

from app.needs.forms.acts import MoveForm, OwnerForm, PostForm, ReviewForm, WithdrawForm
from app.needs.forms.amending import AmendmentForm, amendment_form
from app.needs.forms.section import SectionForm
from app.needs.forms.sections import SECTION_FORMS, section_form

__all__ = [
    "SECTION_FORMS",
    "AmendmentForm",
    "MoveForm",
    "OwnerForm",
    "PostForm",
    "ReviewForm",
    "SectionForm",
    "WithdrawForm",
    "amendment_form",
    "section_form",
]
