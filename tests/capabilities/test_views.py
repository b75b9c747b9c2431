"""Pages of the vocabulary."""

import pytest
from sqlalchemy import event, select

from app.capabilities import commands, queries
from app.capabilities.models import OutsideCode, Synonym
from app.kernel import db
from app.kernel.db import session
from tests import make


@pytest.fixture
def people(vocabulary):
    with db.transaction():
        return {"operator": make.operator(), "buyer": make.buyer(make.department())}


def test_browse_shows_every_area_with_its_count(vocabulary, browser):
    page = browser().get("/capabilities", 200)
    with db.reading():
        areas = queries.capability_tree()
    assert page.h1 == "Capabilities"
    assert [area.node.name for area in areas if area.node.name not in page.links()] == []
    assert f"{areas[0].count} capabilities in {areas[0].node.name}" in page.text


def test_browse_without_a_vocabulary_says_so(browser):
    assert "There are no capabilities yet." in browser().get("/capabilities", 200).text


def test_search_finds_by_synonym_and_leads_to_the_capability(vocabulary, browser):
    page = browser().get("/capabilities", 200).submit("Search", q="k8s")
    assert page.h1 == "Capabilities found"
    assert "1 capability" in page.text
    shown = page.follow("Containers and orchestration")
    assert shown.h1 == "Containers and orchestration"
    for text in (
        "Also written as",
        "kubernetes",
        "k8s",
        "CPV 48626000",
        "Government Digital and Data skill: IT infrastructure",
    ):
        assert text in shown.text
    assert (
        shown.links()["Needs that ask for Containers and orchestration"] == "/needs?capability=container-orchestration"
    )
    assert (
        shown.links()["Providers that offer Containers and orchestration"]
        == "/providers?capability=container-orchestration"
    )


def test_search_finds_outside_codes_and_what_they_mean_here(vocabulary, browser):
    with db.transaction():
        session().add(
            OutsideCode(scheme="CPV", code="72212783", label="Content software & more", parent_code="72212700")
        )
        session().add(OutsideCode(scheme="CPV", code="72212099", label="Something", parent_code=""))
        session().add(OutsideCode(scheme="CPV", code="72200001", label="Unlinked", parent_code=""))
    page = browser().get("/capabilities?q=CPV+72212", 200)
    assert page.rows()[1:] == [
        ["CPV 72212099", "Something", "Software engineering"],
        ["CPV 72212783", "Content software & more", "Content management systems, Drupal, WordPress"],
    ]
    assert "CPV 72212783: Content software & more" in browser().get("/capabilities/drupal", 200).text


HOSTILE = [
    "q=zzzzqqq",
    "q=%00",
    "q=%22",
    "q=*",
    "q=(",
    "q=%F0%9F%99%82",
    "q=a&page=999999999999999999999",
    "q=data&page=99",
    "q=data&page=-1",
    "q=<script>alert(1)</script>",
    "q=%25",
    "q=%ff",
    "page=5",
    "q=%ED%A0%80",
    "q=%E2%80%AE",
    "q=CPV+%00",
    "q=99999999999999999999999",
]


def test_search_meets_anything_typed(vocabulary, browser):
    someone = browser()
    for query in [*HOSTILE, "q=" + "x" * 3000, "q=" + "9" * 500]:
        assert "<script>alert" not in someone.get(f"/capabilities?{query}", 200).body


def test_search_that_finds_nothing_says_what_to_do(vocabulary, browser):
    page = browser().get("/capabilities?q=zzzzqqq", 200)
    assert "No capability matches this search." in page.text


def test_every_capability_has_a_page(vocabulary, browser):
    someone = browser()
    with db.reading():
        nodes = dict(queries.tree().nodes)
    for node in list(nodes.values())[::9]:
        assert someone.get(f"/capabilities/{node.id}", 200).h1 == node.name


def test_a_page_leads_to_broader_and_narrower(vocabulary, browser):
    page = browser().get("/capabilities/back-end-development", 200)
    assert page.follow("Software development").h1 == "Software development"
    assert page.follow("Java").h1 == "Java"


def test_a_retired_capability_says_so(vocabulary, browser):
    with db.transaction():
        queries.get_capability("java").retired = True
    assert "This capability is retired" in browser().get("/capabilities/java", 200).text
    assert "Java" not in browser().get("/capabilities/back-end-development", 200).links()


def test_what_is_not_there_is_not_found(vocabulary, browser):
    for path in ("nothing", "java/synonyms/x", "%00", "x" * 500, "java%2F..", "Java"):
        browser().get(f"/capabilities/{path}", 404)


def test_the_operator_adds_a_synonym_and_it_is_found(people, browser):
    operator = browser(people["operator"])
    page = operator.get("/capabilities/java", 200).follow("Add a synonym")
    page = page.submit("Add synonym", phrase="Jakarta EE")
    assert page.h1 == "Java"
    assert "“jakarta ee” now means Java." in page.text
    assert "Java" in browser().get("/capabilities?q=jakarta+ee", 200).links()


def test_a_synonym_that_cannot_stand_keeps_what_was_typed(people, browser):
    operator = browser(people["operator"])
    for phrase, error in (
        ("", "Enter a word or a phrase"),
        ("Pen Test", "“Pen Test” means Penetration testing already"),
        ("go", "“go” stands in any text, so it cannot name one capability."),
        ("–", "A synonym has letters or numbers."),
    ):
        page = operator.get("/capabilities/java/synonyms", 200).submit("Add synonym", phrase=phrase)
        assert (page.status, page.errors) == (422, [error])
        assert f'value="{phrase}"' in page.body or not phrase


def test_only_operators_add_synonyms(people, browser):
    assert "Add a synonym" not in browser(people["buyer"]).get("/capabilities/java", 200).links()
    browser(people["buyer"]).get("/capabilities/java/synonyms", 403)
    browser(people["buyer"]).post("/capabilities/java/synonyms", 403, phrase="jakarta ee")
    assert browser().get("/capabilities/java/synonyms").path.startswith("/sign-in")
    browser().post("/capabilities/java/synonyms", phrase="jakarta ee")
    with db.reading():
        assert session().scalars(select(Synonym).where(Synonym.phrase == "jakarta ee")).all() == []


def test_a_page_costs_the_same_however_many_synonyms_there_are(vocabulary, browser):
    told: list[str] = []
    event.listen(vocabulary.engine, "before_cursor_execute", lambda *values: told.append(values[2]))
    browser().get("/capabilities/java", 200)
    one = len(told)
    with db.transaction():
        for phrase in ("jakarta ee", "jvm languages", "quarkus"):
            commands.add_synonym(queries.get_capability("java"), phrase, by=None)
    told.clear()
    browser().client.get("/capabilities/java")
    assert len(told) <= one
