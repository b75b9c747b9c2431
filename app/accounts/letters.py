"""The mails of accounts, in words. Subjects name nobody: they are kept after the text is forgotten."""

from collections.abc import Iterable

from app.accounts.models import ROLES, Claim, Invitation, Membership, Person
from app.kernel import mail

PROOF, EXISTS = "Finish registering with Clarion", "You have a Clarion account already"
RESET = "Choose a new Clarion password"
SIGNED = "\n\nClarion, the marketplace of demand signals\n"


def proof_of_address(email: str, link: str) -> None:
    """To somebody who wants to register: the link that proves the address."""
    _post(
        email,
        PROOF,
        f"Open this link to choose a name and a password. It works once, for 24 hours.\n\n{link}\n\n"
        "If you did not ask to register, do nothing: no account is made.",
    )


def account_exists(email: str, sign_in_link: str, reset_link: str) -> None:
    """To somebody who wants to register again."""
    _post(
        email,
        EXISTS,
        f"Somebody, probably you, tried to register with this address. It has an account.\n\n"
        f"Sign in: {sign_in_link}\n\n"
        f"If you forgot your password: {reset_link}\n\nIf it was not you, do nothing.",
    )


def reset_link(person: Person, link: str) -> None:
    """To somebody who forgot the password."""
    _post(
        person.email,
        RESET,
        f"Open this link to choose a new password. It works once, for one hour.\n\n{link}\n\n"
        "If you did not ask for it, do nothing: your password stays as it is.",
    )


def welcome_operator(person: Person, link: str) -> None:
    """To a new operator: the link to choose a password."""
    _post(
        person.email,
        "You are an operator of Clarion",
        f"Open this link to choose your password. It works once, for 24 hours.\n\n{link}",
    )


def password_changed(person: Person) -> None:
    """To somebody whose password is a new one."""
    _post(
        person.email,
        "Your Clarion password was changed",
        "Your password was changed, and every other browser was signed out.\n\n"
        "If this was not you, choose a new password at once with “Forgotten your password?” on the sign-in page.",
    )


def invited(invitation: Invitation, link: str) -> None:
    """To somebody who is invited."""
    organisation = invitation.organisation.name
    _post(
        invitation.email,
        f"Join {organisation} on Clarion",
        f"{invitation.invited_by.name} invites you to join {organisation} as {ROLES[invitation.role].lower()}.\n\n"
        f"Open this link to accept. It works once, for 14 days.\n\n{link}\n\nIf you do not know why, do nothing.",
    )


def asked_to_join(claim: Claim, leads: Iterable[Person], link: str) -> None:
    """To the leads of an organisation that somebody wants to join."""
    for lead in leads:
        _post(
            lead.email,
            f"Somebody asks to join {claim.organisation.name} on Clarion",
            f"{claim.person.name} asks to join {claim.organisation.name}. Answer the request here:\n\n{link}",
        )


def claim_answered(claim: Claim, *, is_accepted: bool) -> None:
    """To somebody who asked to join."""
    organisation = claim.organisation.name
    answer = "You are now in" if is_accepted else "Your request was refused: you are not in"
    _post(claim.person.email, f"Your request to join {organisation} on Clarion", f"{answer} {organisation}.")


def membership_ended(membership: Membership) -> None:
    """To somebody whose membership was ended by another."""
    organisation = membership.organisation.name
    text = f"Your membership of {organisation} was ended. What you did there stays. Your account stays too."
    _post(membership.person.email, f"You are no longer in {organisation} on Clarion", text)


def _post(to: str, subject: str, body: str) -> None:
    mail.post(to=to, subject=subject, body=body + SIGNED)
