"""The form of a provider's registrations."""

from typing import Any

from app.kernel.forms import Choice, Form, Row, Rows, Text
from app.providers.registrations.schemes import LABELS, SCHEMES


class RegistrationRow(Row):
    """One number in one scheme."""

    scheme = Choice("Scheme", list(LABELS.items()), style="select", required="Select a scheme")
    identifier = Text("Number", required="Enter a number", max_length=60, width=20)

    def validate(self, extra_validators: Any = None) -> bool:
        if not super().validate(extra_validators):
            return False
        scheme = SCHEMES[str(self.scheme.data)]
        number = scheme.read(str(self.identifier.data))
        if number:
            self.identifier.data = number
            return True
        self.fail("identifier", f"The number must look like those of the {scheme.label}, for example {scheme.example}")
        return False


class RegistrationsForm(Form):
    """All numbers that a provider states."""

    registrations = Rows("Registrations", RegistrationRow, called="registration", show=2, most=12, required=False)
