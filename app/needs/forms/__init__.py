"""Forms of needs: sections, and single acts."""

from app.needs.forms.acts import MoveForm, OwnerForm, PostForm, ReviewForm, WithdrawForm
from app.needs.forms.sections import SECTION_FORMS, SectionForm, amendment_form, section_form

__all__ = [
    "SECTION_FORMS",
    "MoveForm",
    "OwnerForm",
    "PostForm",
    "ReviewForm",
    "SectionForm",
    "WithdrawForm",
    "amendment_form",
    "section_form",
]
