"""Departments, teams and suppliers come, with their people."""

from collections.abc import Mapping
from functools import partial

from app.accounts.commands import (
    add_mail_domain,
    admit_person,
    claim_organisation,
    create_team,
    enter_organisation,
    register_supplier,
)
from app.accounts.commands.people import add_person, make_operator
from app.accounts.models import BUYER, DEPARTMENT, LEAD, OFFICER, OWN, STAFF, SUPPLIER, Person
from app.demo.calendar import FIRST_DAY, REGISTERED, draw
from app.demo.library import Body
from app.demo.replies import Roster
from app.demo.world import Names, World, address_of

SOME, MANY = 6, 50


def arrive(world: World) -> None:
    """Put every arrival into the script."""
    names = Names(world.words("names"))
    world.script.add(world.calendar.at(FIRST_DAY, 9), partial(_welcome_operator, world))
    for key in world.library.departments:
        world.script.add(world.calendar.at(FIRST_DAY, 10), partial(_enter_department, world, key, names))
    for key in world.library.teams:
        world.script.add(world.calendar.at(FIRST_DAY + 2, 10), partial(_create_team, world, key, names))
    joined = Roster.drawn(world.library).joined
    for key in world.library.suppliers:
        world.script.add(world.calendar.at(joined[key], *REGISTERED), partial(_register_supplier, world, key, names))
    for each in world.library.cast["claims"]:
        world.script.add(world.calendar.past(-2, draw("claim", each["email"])), partial(_ask_to_join, world, each))


def _welcome_operator(world: World) -> None:
    cast = next(each for each in world.library.cast["people"] if each["role"] == "operator")
    world.operator = make_operator(cast["email"], name=cast["name"])
    world.operator.password_hash = world.password_hash


def _enter_department(world: World, key: str, names: Names) -> None:
    body = world.library.departments[key]
    made = enter_organisation(
        kind=DEPARTMENT,
        name=body.name,
        register=OWN,
        number=f"demo-{key}",
        by=world.operator,
        abbreviation=body.short,
        website=f"https://{body.domain}",
    )
    world.bodies[key] = made
    assert world.operator  # noqa: S101
    add_mail_domain(made, body.domain, by=world.operator)
    for role in (BUYER, BUYER, OFFICER, OFFICER):
        _join(world, body, role, body.domain, names)


def _create_team(world: World, key: str, names: Names) -> None:
    body = world.library.teams[key]
    parent = world.library.departments[body.parent]
    officer = world.people[body.parent, OFFICER][-1]
    world.bodies[key] = create_team(world.bodies[body.parent], body.name, by=officer)
    for role in (LEAD, STAFF):
        _join(world, body, role, f"{key}.{parent.domain}", names)


def _register_supplier(world: World, key: str, names: Names) -> None:
    body = world.library.suppliers[key]
    domain = f"{key}.example"
    lead = _person(world, body, LEAD, domain, names)
    website = f"https://{domain}"
    world.bodies[key] = register_supplier(name=body.name, register=OWN, website=website, by=lead)
    for _ in range(0 if body.people < SOME else 1 if body.people < MANY else 2):
        _join(world, body, STAFF, domain, names)


def _join(world: World, body: Body, role: str, domain: str, names: Names) -> None:
    person = _person(world, body, role, domain, names)
    admit_person(person, world.bodies[body.key], role, by=world.operator)


def _person(world: World, body: Body, role: str, domain: str, names: Names) -> Person:
    """The next person of a role: first those of the cast, then made-up ones."""
    there = world.people.setdefault((body.key, role), [])
    cast = [each for each in world.library.cast["people"] if (each.get("at"), each["role"]) == (body.key, role)]
    if len(there) < len(cast):
        name, email = cast[len(there)]["name"], cast[len(there)]["email"]
    else:
        name = names.another()
        email = address_of(name, domain)
    person = add_person(email, name=name)
    person.password_hash = world.password_hash
    there.append(person)
    return person


def _ask_to_join(world: World, told: Mapping[str, str]) -> None:
    """Somebody claims a firm that is in the register: its lead answers, or the operator where it has none."""
    if "new" in told:
        number = f"demo-{told['email']}"
        firm = enter_organisation(kind=SUPPLIER, name=told["new"], register=OWN, number=number, by=world.operator)
    else:
        firm = world.bodies[told["at"]]
    person = add_person(told["email"], name=told["name"])
    person.password_hash = world.password_hash
    claim_organisation(firm, told["reason"], link="", by=person)
