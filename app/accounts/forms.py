"""Forms of accounts."""

from collections.abc import Callable

from wtforms.validators import ValidationError

from app.accounts.addresses import OPEN_TO_ALL, normal_address, normal_domain
from app.accounts.models import OWN, ROLES, Organisation
from app.accounts.passwords import why_weak
from app.accounts.registers import SELF_SERVICE, is_web_address, normal_number
from app.kernel.forms import Choice, Email, Form, LongText, Option, Password, Text

PASSWORD_HINT = "12 characters or more. Three or four words that do not belong together are easy to remember."  # noqa: S105
NAME = "Enter your full name"


class Address(Email):
    """An email address in the one spelling under which accounts are kept."""

    def check(self) -> None:
        super().check()
        normal = normal_address(self.data)
        if normal is None:
            raise ValidationError("Enter an email address in plain letters, like name@example.com")
        self.data = normal


class SignInForm(Form):
    """Who signs in."""

    email = Address(required="Enter your email address", autocomplete="username")
    password = Password(required="Enter your password")


class AddressForm(Form):
    """The address to which a link is mailed."""

    email = Address(required="Enter your email address")


class _ChosenPassword(Form):
    """A form in which a password is chosen by somebody whose address is known."""

    password: Password

    def __init__(self, *, owner_email: str, owner_name: str = "") -> None:
        super().__init__()
        self.owner_email, self.owner_name = owner_email, owner_name

    def cross_check(self) -> None:
        name = self.content.get("name", self.owner_name)
        weakness = why_weak(str(self.password.data), email=self.owner_email, name=name)
        if weakness:
            self.fail("password", weakness)


class NewAccountForm(_ChosenPassword):
    """What an account needs once the address is proved."""

    name = Text("Full name", required=NAME, max_length=120, autocomplete="name")
    password = Password("Create a password", new=True, called="Your password", hint=PASSWORD_HINT)


class NewPasswordForm(_ChosenPassword):
    """A new password for somebody who followed a mailed link."""

    password = Password("New password", new=True, called="Your password", hint=PASSWORD_HINT)


class ChangePasswordForm(_ChosenPassword):
    """A new password for somebody who is signed in."""

    current = Password("Current password", required="Enter your current password")
    password = Password("New password", new=True, called="Your password", hint=PASSWORD_HINT)


class NameForm(Form):
    """What a person is called."""

    name = Text("Full name", required=NAME, max_length=120, autocomplete="name")


class InviteForm(Form):
    """Whom to invite, and as what."""

    email = Address(required="Enter the email address of the person", autocomplete="off")
    role = Choice("Role", [], required="Select a role")

    def __init__(self, organisation: Organisation, why_not: Callable[[Organisation, str], str | None]) -> None:
        super().__init__()
        self.role.offer([Option(role, ROLES[role]) for role in organisation.roles])
        self.organisation, self.why_not = organisation, why_not

    def cross_check(self) -> None:
        reason = self.why_not(self.organisation, str(self.email.data))
        if reason:
            self.fail("email", reason)


class RoleForm(Form):
    """A member's other role."""

    role = Choice("Role", [(role, label) for role, label in ROLES.items()], required="Select a role")


class ClaimForm(Form):
    """Why somebody belongs to an organisation."""

    reason = LongText(
        "Why do you belong to this organisation?",
        required="Say why you belong to this organisation",
        called="The reason",
        hint="The organisation’s lead reads this, or Clarion’s operator where there is no lead.",
        max_length=2_000,
    )


class SupplierForm(Form):
    """A supplier that is not in the register yet."""

    name = Text("Name of the organisation", required="Enter the name of the organisation")
    register = Choice(
        "Where is it registered?",
        [(register, *words) for register, words in SELF_SERVICE.items()],
        required="Select where it is registered",
    )
    number = Text("Number in that register", required=False, max_length=20, width=10, hint="For example, 01234567")
    website = Text("Website", required=False, max_length=300, hint="For example, https://www.example.com")

    def cross_check(self) -> None:
        self._check_number()
        if self.website.data and not is_web_address(str(self.website.data)):
            self.fail("website", "Enter a website that starts with https:// or http://, like https://www.example.com")

    def _check_number(self) -> None:
        if self.register.data == OWN:
            self.number.data = ""
            return
        number = normal_number(str(self.register.data), str(self.number.data))
        if number:
            self.number.data = number
        elif self.number.data:
            self.fail("number", "Check the number: a company’s has 8 characters, a charity’s 6 or 7 numbers")
        else:
            self.fail("number", "Enter the number in that register")


class TeamForm(Form):
    """An in-house team."""

    name = Text("Name of the team", required="Enter the name of the team")


class MailDomainForm(Form):
    """A mail domain of a department."""

    domain = Text("Mail domain", required="Enter a mail domain", hint="What stands after the @, like department.gov.uk")

    def cross_check(self) -> None:
        domain = normal_domain(str(self.domain.data).removeprefix("@"))
        if domain is None:
            self.fail("domain", "Enter a mail domain in the correct format, like department.gov.uk")
        elif domain in OPEN_TO_ALL:
            self.fail("domain", f"{domain} gives an address to anybody, so it cannot stand for a department")
        else:
            self.domain.data = domain
