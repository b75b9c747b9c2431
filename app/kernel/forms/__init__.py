"""Forms: fields that take what people really type, keep it, and say in a sentence what is wrong with it."""

from app.kernel.forms.base import Field, Form, Hidden, Mark, Problem, VersionedForm
from app.kernel.forms.choices import Choice, Choices, Option, YesNo
from app.kernel.forms.files import File
from app.kernel.forms.moments import Day, Moment
from app.kernel.forms.rows import Row, Rows
from app.kernel.forms.words import Email, LongText, Money, Password, Text, Whole

__all__ = [
    "Choice",
    "Choices",
    "Day",
    "Email",
    "Field",
    "File",
    "Form",
    "Hidden",
    "LongText",
    "Mark",
    "Moment",
    "Money",
    "Option",
    "Password",
    "Problem",
    "Row",
    "Rows",
    "Text",
    "VersionedForm",
    "Whole",
    "YesNo",
]
