"""What people do with their accounts and organisations."""

from app.accounts.commands.claims import accept_claim, claim_organisation, refuse_claim, withdraw_claim
from app.accounts.commands.invitations import (
    accept_invitation,
    cancel_invitation,
    invite_person,
    register_by_invitation,
)
from app.accounts.commands.memberships import admit_person, change_role, end_membership
from app.accounts.commands.organisations import (
    add_mail_domain,
    create_team,
    enter_organisation,
    register_supplier,
    remove_mail_domain,
    renew_organisation,
)
from app.accounts.commands.people import (
    add_person,
    ask_to_register,
    change_name,
    change_password,
    erase_person,
    make_operator,
    register_person,
    reset_password,
    send_reset,
)
from app.accounts.commands.signing_in import check_sign_in

__all__ = [
    "accept_claim",
    "accept_invitation",
    "add_mail_domain",
    "add_person",
    "admit_person",
    "ask_to_register",
    "cancel_invitation",
    "change_name",
    "change_password",
    "change_role",
    "check_sign_in",
    "claim_organisation",
    "create_team",
    "end_membership",
    "enter_organisation",
    "erase_person",
    "invite_person",
    "make_operator",
    "refuse_claim",
    "register_by_invitation",
    "register_person",
    "register_supplier",
    "remove_mail_domain",
    "renew_organisation",
    "reset_password",
    "send_reset",
    "withdraw_claim",
]
