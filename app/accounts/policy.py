"""Who may do what with organisations, memberships, invitations and claims: pure predicates over loaded rows."""

from app.accounts.models import (
    DEPARTMENT,
    DEPARTMENT_ROLES,
    IN_HOUSE_TEAM,
    LEAD,
    OFFICER,
    PROVIDER_ROLES,
    SUPPLIER,
    Claim,
    Invitation,
    MailDomain,
    Membership,
    Organisation,
    Person,
)


def is_operator(person: Person | None) -> bool:
    """Whether somebody runs the platform."""
    return bool(person and person.is_operator)


def is_member(person: Person | None, organisation: Organisation) -> bool:
    """Whether somebody is in the organisation now, in any role."""
    return bool(person and person.holds(organisation.id))


def is_buyer_of(person: Person | None, department: Organisation) -> bool:
    """Whether somebody buys for the department: its buyers and its officers."""
    return bool(person and person.holds(department.id, *DEPARTMENT_ROLES))


def is_officer_of(person: Person | None, department: Organisation) -> bool:
    """Whether somebody is a procurement officer of the department."""
    return bool(person and person.holds(department.id, OFFICER))


def is_staff_of(person: Person | None, provider: Organisation) -> bool:
    """Whether somebody works for the provider, as staff or as lead."""
    return bool(person and person.holds(provider.id, *PROVIDER_ROLES))


def is_lead_of(person: Person | None, provider: Organisation) -> bool:
    """Whether somebody leads the provider."""
    return bool(person and person.holds(provider.id, LEAD))


def is_buyer(person: Person | None) -> bool:
    """Whether somebody buys for any department."""
    return bool(person and person.organisations(*DEPARTMENT_ROLES))


def is_officer(person: Person | None) -> bool:
    """Whether somebody is a procurement officer of any department."""
    return bool(person and person.organisations(OFFICER))


def is_provider_staff(person: Person | None) -> bool:
    """Whether somebody works for any provider."""
    return bool(person and person.organisations(*PROVIDER_ROLES))


def may_manage_people(person: Person | None, organisation: Organisation) -> bool:
    """Leads their provider, officers their department; who oversees it only where it has no lead.

    Whoever lets people into a provider decides who reads what it keeps sealed, so nobody from outside does while
    somebody inside can.
    """
    if is_lead_of(person, organisation) or is_officer_of(person, organisation):
        return True
    return _oversees(person, organisation) and not (organisation.is_provider and organisation.leads)


def _oversees(person: Person | None, organisation: Organisation) -> bool:
    """Operators every organisation, officers the in-house teams of their department: from outside."""
    is_team = organisation.kind == IN_HOUSE_TEAM and organisation.parent_id is not None
    is_parent_officer = is_team and bool(person and person.holds(str(organisation.parent_id), OFFICER))
    return is_operator(person) or is_parent_officer


def may_see_organisation(_person: Person | None, _organisation: Organisation) -> bool:
    """Everybody: that an organisation is in the register is public."""
    return True


def may_see_people(person: Person | None, organisation: Organisation) -> bool:
    """Names stay inside: members, and those who oversee them."""
    return is_member(person, organisation) or _oversees(person, organisation)


def may_invite(person: Person | None, organisation: Organisation) -> bool:
    """Whoever manages the people of an organisation that is open."""
    return organisation.is_open and may_manage_people(person, organisation)


def may_cancel_invitation(person: Person | None, invitation: Invitation) -> bool:
    """Whoever manages the people of the organisation."""
    return may_manage_people(person, invitation.organisation)


def may_accept_invitation(person: Person | None, invitation: Invitation) -> bool:
    """The holder of the very address it was sent to, who did not write it; an operator never to join a provider."""
    if person is None or person.email != invitation.email or person.id == invitation.invited_by_id:
        return False
    return not (person.is_operator and invitation.organisation.is_provider)


def may_register_supplier(person: Person | None) -> bool:
    """Anyone signed in but operators, who answer claims and so must not make them."""
    return person is not None and not person.is_operator


def may_claim_organisation(person: Person | None, organisation: Organisation) -> bool:
    """Anyone who may register a supplier and is not in this one, while it is open."""
    joinable = organisation.kind == SUPPLIER and organisation.is_open
    return joinable and may_register_supplier(person) and not is_member(person, organisation)


def may_answer_claim(person: Person | None, claim: Claim) -> bool:
    """Whoever manages the people of the organisation, but never the claimant."""
    return bool(person and person.id != claim.person_id) and may_manage_people(person, claim.organisation)


def may_withdraw_claim(person: Person | None, claim: Claim) -> bool:
    """The claimant."""
    return bool(person and person.id == claim.person_id)


def may_end_membership(person: Person | None, membership: Membership) -> bool:
    """Its holder, who leaves, and whoever manages the people of the organisation."""
    return bool(person and person.id == membership.person_id) or may_manage_people(person, membership.organisation)


def may_change_role(person: Person | None, membership: Membership) -> bool:
    """Whoever manages the people of the organisation, while it is open."""
    return may_invite(person, membership.organisation)


def may_create_team(person: Person | None, department: Organisation) -> bool:
    """Officers of the department, and operators."""
    fits = department.kind == DEPARTMENT and department.is_open
    return fits and (is_operator(person) or is_officer_of(person, department))


def may_add_mail_domain(person: Person | None, department: Organisation) -> bool:
    """Operators alone: who holds such an address becomes department staff."""
    return is_operator(person) and department.kind == DEPARTMENT and department.is_open


def may_remove_mail_domain(person: Person | None, _mail_domain: MailDomain) -> bool:
    """Operators alone."""
    return is_operator(person)


def is_last_lead(membership: Membership, members: list[Membership]) -> bool:
    """Whether a supplier would be left with staff and no lead, if this lead went without handing over."""
    if membership.role != LEAD or membership.organisation.kind != SUPPLIER:
        return False
    others = [other for other in members if other.person_id != membership.person_id]
    return bool(others) and not any(other.role == LEAD for other in others)
