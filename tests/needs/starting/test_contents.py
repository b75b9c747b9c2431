"""What comes along into a copy: a decision for each field of each section, and nothing that was not decided."""

from datetime import date, timedelta
from typing import Any

import pytest

from app.kernel.db import reading, session, transaction
from app.needs import queries as needs
from app.needs.models import COMMITTED, HORIZON, Need
from app.needs.sections import ROWS, SECTIONS, stored
from app.needs.starting import commands
from app.needs.starting.contents import AHEAD, FIELDS, ROW_FIELDS, STAYS, coming_along, content_of, left_out
from tests import make
from tests.needs import make as make_need

NAMES = [each.name for section in SECTIONS.values() for each in section.fields]
# what a new draft holds in the fields that stay
FRESH = {
    "supplied_today": "",
    "approved": None,
    "deadline_at": None,
    "questions_until": None,
    "audience": "all",
    "audience_capabilities": [],
    "audience_reason": "",
    "audience_note": "",
    "invited_organisations": [],
    "rung": HORIZON,
    "confidence_need": "",
    "confidence_money": "",
    "expected_open_on": None,
    "review_on": None,
}
TODAY = date(2026, 11, 23)


def test_each_field_of_each_section_is_decided() -> None:
    """A new field fails here until somebody says whether it comes along."""
    assert sorted(FIELDS) == sorted(NAMES)


@pytest.mark.parametrize("name", ROWS)
def test_each_field_of_each_row_is_decided(name: str) -> None:
    assert {*ROW_FIELDS[name], "id"} == set(ROWS[name].__dataclass_fields__)


def test_what_stays_is_what_these_tests_know_of() -> None:
    assert {name for name, rule in FIELDS.items() if rule == STAYS} == set(FRESH)
    assert {name for name, rule in FIELDS.items() if rule == AHEAD} == {"wanted_by"}


def limited() -> dict[str, Any]:
    """An audience that says everything that an audience can say."""
    return {
        "audience": "invited",
        "audience_capabilities": [make_need.capability()],
        "audience_reason": "security",
        "audience_note": "It is secret.",
        "invited_organisations": [make.supplier()],
    }


def copied(way: str) -> tuple[Need, Need]:
    """A whole open need, and the draft that was started from it."""
    with transaction():
        source = make_need.live_need(rung=COMMITTED, **limited())
        other = make.department()
        person = source.owners[0].person
        if way == "copy":
            made = commands.start_from_need(source, other, title="Ours", by=make.buyer(other))
        else:
            template = commands.keep_template(source, name="T", note="x", by=person)
            made = commands.start_from_template(template, title="Ours", by=person)
    with reading():
        return needs.get_need(source.id), needs.get_need(made.id)


def plain(need: Need) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for section in SECTIONS:
        found |= stored(need, section)
    for name in ROWS:
        found[name] = [{key: value for key, value in row.items() if key != "id"} for row in found[name]]
    return found


@pytest.mark.parametrize("way", ["copy", "template"])
@pytest.mark.parametrize("name", NAMES)
def test_each_field_comes_along_or_starts_anew(store: object, way: str, name: str) -> None:
    source, made = copied(way)
    before, after = plain(source)[name], plain(made)[name]
    assert before not in ("", None, [], HORIZON), "the source must hold something here"
    if name == "title":
        assert after == "Ours"
    elif FIELDS[name] == STAYS:
        assert after == FRESH[name]
    else:
        assert after == before


@pytest.mark.parametrize("way", ["copy", "template"])
def test_rows_come_along_as_rows_of_their_own(store: object, way: str) -> None:
    source, made = copied(way)
    for name in ROWS:
        ours, theirs = ({row.id for row in getattr(need, name)} for need in (made, source))
        assert len(ours) == len(theirs) > 1
        assert not ours & theirs


def test_nothing_else_of_the_need_comes_along(store: object) -> None:
    source, made = copied("copy")
    assert (made.state, made.published_at, made.ended_at, made.source, made.source_url) == (
        "draft",
        None,
        None,
        None,
        "",
    )
    assert {owner.person_id for owner in made.owners} == {made.author_id}
    assert made.department_id != source.department_id
    assert not {owner.person_id for owner in source.owners} & {owner.person_id for owner in made.owners}


@pytest.mark.parametrize(("days", "comes"), [(-1, False), (0, False), (1, True)])
def test_a_date_comes_while_it_is_ahead(days: int, comes: bool) -> None:
    when = TODAY + timedelta(days=days)
    content = {
        "timing": {"wanted_by": when.isoformat(), "deadline_at": "2030-01-01T00:00:00+00:00"},
        "outcomes": {"measures": [{"id": "x", "outcome": "a", "due_on": when.isoformat()}]},
    }
    kept = when if comes else None
    assert coming_along(content, TODAY) == {
        "timing": {"wanted_by": kept},
        "outcomes": {"measures": [{"outcome": "a", "due_on": kept}]},
    }


def test_what_was_stored_by_another_version_is_left_out(store: object) -> None:
    """A section, a field, a row's field and a capability that are no more are dropped without a fault."""
    with transaction():
        source = make_need.open_need()
        author = source.owners[0].person
        template = commands.keep_template(source, name="T", note="x", by=author)
        content = content_of(source)
        content["vanished"] = {"title": "x", "summary": "x"}
        content["basics"] |= {"vanished": "x", "capabilities": ["data-engineering", "no-such-capability"]}
        content["requirements"]["requirements"][0] |= {"vanished": 1, "capabilities": ["no-such-capability"]}
        del content["money"]
        template.content = content
        made = commands.start_from_template(template, title="Ours", by=author)
        assert [each.id for each in made.capabilities] == ["data-engineering"]
        assert made.requirements[0].capabilities == []
        assert (made.low_pence, len(made.requirements)) == (None, 3)


def test_a_template_stays_as_it_was_kept(store: object) -> None:
    with transaction():
        need = make_need.complete_draft()
        author = need.owners[0].person
        template = commands.keep_template(need, name="T", note="x", by=author)
        make_need.write(need, problem="Another one.")
        session().flush()
        made = commands.start_from_template(template, title="Ours", by=author)
        assert made.problem == "Clinicians wait four minutes for a record."


def test_the_page_names_what_does_not_come_along() -> None:
    assert left_out() == [
        "Who supplies it today",
        "Money approved",
        "Wanted by",
        "Deadline for responses",
        "Questions until",
        "Who can take part",
        "How firm the need is",
    ]
