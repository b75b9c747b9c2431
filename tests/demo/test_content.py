"""The written content holds together: every slug, key, sum and count."""

from collections import Counter
from datetime import UTC, datetime

import pytest
import yaml

from app.capabilities.choices import CLEARANCES, PLACES, STANDARDS
from app.capabilities.vocabulary import SHIPPED
from app.demo.acts.looking import HABITS, OTHERWISE
from app.demo.library import CONTENT, Story, read_library
from app.demo.timelines import RUNGS, UNTIL_DEADLINE
from app.demo.world import Names
from app.needs.choices import PAYMENTS
from app.needs.choices import STATES as NEED_STATES
from app.needs.firsts.choices import NEIGHBOURS, QUESTIONS
from app.needs.questions.alike import ranked
from app.needs.questions.models import Question
from app.providers.choices import PRICE_UNITS, size_of
from app.reviews.models import DECIDED

LIBRARY = read_library()
STORIES = list(LIBRARY.stories.values())


def _vocabulary() -> tuple[set[str], set[str]]:
    """The slugs of capabilities and skills, and those of areas."""
    areas = yaml.safe_load(SHIPPED.read_text())["areas"]
    nodes = [node for area in areas for each in area["capabilities"] for node in (each, *each.get("skills", ()))]
    return {node["id"] for node in nodes}, {area["id"] for area in areas}


def test_there_is_as_much_as_was_asked_for() -> None:
    small = [body for body in LIBRARY.suppliers.values() if size_of(body.people) in ("micro", "small")]
    assert len(LIBRARY.departments) >= 12
    assert len(LIBRARY.suppliers) >= 60
    assert len(small) > len(LIBRARY.suppliers) * 0.8
    assert len(LIBRARY.teams) >= 6
    assert len(LIBRARY.offers) - len(LIBRARY.cast["drafts"]) - len(LIBRARY.cast["retired"]) >= 200
    assert len(STORIES) >= 80
    assert sum(len(ending.winners) for ending in LIBRARY.endings.values()) >= 25
    assert {body.place for body in LIBRARY.suppliers.values()} >= {"Stornoway", "Derry", "Bangor", "Truro", "London"}


def test_needs_stand_on_every_rung_and_in_every_state() -> None:
    stages = Counter((story.rung, story.state) for story in STORIES)
    assert {rung for rung, state in stages if state == "live"} == set(RUNGS)
    assert {rung for rung, state in stages if state == "draft"} == set(RUNGS)
    assert {rung for rung, state in stages if state == "withdrawn"} == set(RUNGS)
    assert {state for rung, state in stages if rung == "open"} == set(NEED_STATES)


def test_every_capability_is_in_the_vocabulary() -> None:
    known, areas = _vocabulary()
    assert {each for story in STORIES for each in story.capabilities} - known == set()
    assert {each for offer in LIBRARY.offers for each in offer.capabilities} - known == set()
    assert set(LIBRARY.words["answers"]) - known - areas == {"any"}


def test_there_are_words_for_what_was_looked_at_first() -> None:
    wanted = {key: {*habits, "nothing"} for key, habits in HABITS.items()}
    wanted[NEIGHBOURS].add("lead")
    assert {key: set(words) for key, words in LIBRARY.words["firsts"].items()} == wanted
    assert {
        key: {each.key for each in question.answers} >= {*HABITS[key], OTHERWISE[key]}
        for key, question in QUESTIONS.items()
    } == dict.fromkeys(QUESTIONS, True)


@pytest.mark.parametrize("story", STORIES, ids=[story.key for story in STORIES])
def test_a_need_can_be_published(story: Story) -> None:
    assert sum(ask.weight for ask in story.asks) + story.price == 100
    assert [
        ask for ask in story.asks if ask.weight < 1 or ask.kind not in ("must", "nice") or not ask.capabilities
    ] == []
    assert all(measure.months >= 2 for measure in story.measures)
    assert 0 < story.low <= story.high
    assert story.by in LIBRARY.departments
    assert set(story.jointly) <= set(LIBRARY.departments)
    assert story.clearance in CLEARANCES
    assert story.payment in PAYMENTS
    assert story.remote or story.towns
    assert len(story.title) <= 200
    assert bool(story.withdrawn) == (story.state == "withdrawn")


def test_needs_and_profiles_read_as_different_things() -> None:
    texts = [text for story in STORIES for text in (story.title, story.summary, story.problem)]
    told = [
        text for offer in LIBRARY.offers for text in (offer.title, offer.problem, offer.proof.title, offer.proof.text)
    ]
    asked = [ask.text for story in STORIES for ask in story.asks]
    assert [text for text, count in Counter(texts + told).items() if count > 1] == []
    assert sum(count for _, count in Counter(asked).items() if count > 1) <= 6


def test_every_offer_can_be_published() -> None:
    assert {offer.provider for offer in LIBRARY.offers} == set(LIBRARY.providers)
    assert {offer.unit for offer in LIBRARY.offers} <= set(PRICE_UNITS)
    assert {standard for offer in LIBRARY.offers for standard in offer.standards} <= set(STANDARDS)
    assert [offer.title for offer in LIBRARY.offers if not 0 < offer.low <= offer.high or len(offer.how) < 3] == []


def test_every_town_has_a_region() -> None:
    known = [town for towns in LIBRARY.words["places"].values() for town in towns]
    named = {town for story in STORIES for town in story.towns} | {body.place for body in LIBRARY.providers.values()}
    assert set(LIBRARY.words["places"]) == set(PLACES)
    assert len(known) == len(set(known))
    assert named - set(known) == set()


def test_every_concluded_need_has_its_ending() -> None:
    concluded = {story.key for story in STORIES if story.state == "concluded"}
    assert set(LIBRARY.endings) == concluded
    for ending in LIBRARY.endings.values():
        spoken = ending.fate not in ("running", "due", "none")
        assert set(ending.winners) <= set(LIBRARY.providers)
        assert bool(ending.winners) != bool(ending.none)
        assert len(ending.reached) == (len(LIBRARY.stories[ending.need].measures) if spoken else 0)
        assert len(ending.buyer) == len(ending.provider) == (2 if spoken else 0)


def test_outcomes_are_good_and_bad() -> None:
    fates = Counter(ending.fate for ending in LIBRARY.endings.values())
    assert {"delivered", "partly", "not", "ended_early", "running", "due", "buyer-due", "provider-due"} <= set(fates)
    assert fates["delivered"] < len(LIBRARY.endings) * 0.6


def test_the_cast_names_what_there_is() -> None:
    cast = LIBRARY.cast
    bodies = {*LIBRARY.departments, *LIBRARY.providers}
    titles = {(offer.provider, offer.title) for offer in LIBRARY.offers}
    named = [
        *cast["responses"],
        *cast["deadlines"],
        *cast["reviews"],
        *cast["winners"],
        *cast["falls"],
        *cast["extended"],
    ]
    assert set(named) | {each["need"] for each in (*cast["acts"], *cast["decisions"])} <= set(LIBRARY.stories)
    assert {each["provider"] for each in (*cast["acts"], *cast["decisions"])} <= set(LIBRARY.providers)
    assert {(each["provider"], each["title"]) for each in (*cast["drafts"], *cast["retired"])} <= titles
    assert {each["at"] for each in (*cast["people"], *cast["claims"]) if "at" in each} <= bodies
    assert {each["need"] for each in cast["left_open"].values()} <= set(LIBRARY.stories)
    assert set(cast["latecomers"]) <= set(LIBRARY.suppliers)
    assert set(cast["clearances"]) <= set(LIBRARY.providers)
    assert set(cast["clearances"].values()) <= set(CLEARANCES)
    assert {key for key, story in LIBRARY.stories.items() if story.state == "closed"} == set(cast["reviews"])
    decided = {need for need, stage in cast["reviews"].items() if stage == DECIDED}
    assert set(cast["reviews"].values()) <= set(UNTIL_DEADLINE)
    assert decided == set(cast["winners"])


def test_the_demo_people_are_those_who_were_asked_for() -> None:
    emails = {each["email"] for each in LIBRARY.cast["people"]}
    names = ("buyer", "officer", "supplier", "operator", "buyer2", "officer2", "supplier2")
    assert emails == {f"{name}@demo.example" for name in names}


def test_every_mail_domain_is_made_up() -> None:
    domains = [body.domain for body in LIBRARY.departments.values()]
    assert [domain for domain in domains if not domain.endswith(".example")] == []
    assert len(domains) == len(set(domains))


def test_no_name_is_used_twice() -> None:
    names = Names(LIBRARY.words["names"])
    made = [names.another() for _ in range(400)]
    assert len(made) == len(set(made))


def test_the_files_stay_readable() -> None:
    longest = max(len(line) for path in CONTENT.rglob("*.yaml") for line in path.read_text().splitlines())
    assert longest < 1200


def test_questions_that_two_ask_are_alike_and_no_answer_names_a_provider() -> None:
    words = LIBRARY.words["questions"]
    for each in words["twice"]:
        first, second = (Question(id=text, text=text, asked_at=datetime.now(UTC)) for text in each["typed"])
        assert ranked(first, [second])[0].is_alike, each["typed"]
    told = [f"{each['wording']} {each['answer']}" for name in ("twice", "single", "declined") for each in words[name]]
    names = [body.name.lower() for body in LIBRARY.providers.values()]
    assert [text for text in told if any(name in text.lower() for name in names)] == []
    assert max(len(text) for text in [*words["waiting"], *(each["typed"] for each in words["single"])]) < 2_000
