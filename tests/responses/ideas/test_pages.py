"""Ideas as people meet them: proposed on one page, read by departments, answered, taken up, and told of."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from app.kernel import clock
from app.kernel.db import reading, session, transaction
from app.needs.models import Need
from app.responses.ideas import answering
from app.responses.ideas.models import Idea
from tests import make
from tests.browser import Browser
from tests.needs import make as make_need
from tests.responses.conftest import World, statements
from tests.responses.ideas import make as make_idea

Browse = Callable[..., Browser]


def test_an_idea_goes_from_a_draft_to_a_need_with_credit(browser: Browse, world: World) -> None:
    with transaction():
        make_need.capability()
    staff, officer = browser(world.staff), browser(world.buyer)
    page = staff.get("/desk").follow("Your ideas").follow("Draft an idea")
    page = page.submit("Save and continue", title="Gauges by satellite")
    assert page.h1 == "Write your idea"
    page = page.submit("Save and go on to propose it", problem="Gauges are read by hand.")
    assert page.errors == [
        "Enter who has the problem",
        "Enter what you propose",
        "Enter the most that it would cost",
        "Enter how many weeks it would take",
        "Select at least one capability",
    ]
    assert "Gauges are read by hand." in page.body
    said: dict[str, Any] = {"users": "Forecasters.", "proposal": "A transmitter.", "high_pence": "90000", "weeks": "20"}
    page = page.submit("Save and go on to propose it", capabilities="data-engineering", **said)
    assert page.h1 == "Propose your idea"
    assert "no other provider, and not the people who run Clarion" in page.text
    page = page.submit("Propose it to all departments")
    assert "Nobody has answered yet." in page.text
    path = page.path

    page = officer.get("/ideas").follow("Gauges by satellite")
    page = page.follow("Ask one thing").submit("Send the question", question="Does it work in snow?")
    page = page.follow("Mark interest").submit("Tell the provider")
    page = staff.get(path)
    assert ("Ministry of Tides" in page.text, "Is interested" in page.text) == (True, True)
    page = page.follow("Reply to Ministry of Tides").submit("Send the reply", reply="Yes, to two metres.")
    assert "Yes, to two metres." in officer.get(path).text

    page = officer.get(path).follow("Take it up as a need")
    page = page.submit("Start the draft", title="Readings from every valley")
    assert "These still say what the idea says, which only departments may read" in page.text
    assert page.h1 == "Readings from every valley"
    page = staff.get(path)
    assert "A department is working on it" in page.text
    assert "Readings from every valley" not in page.body
    with transaction():
        need = session().query(Need).filter_by(title="Readings from every valley").one()
        author = session().merge(world.buyer)
        make_need.write(need, **{**make_need.content(), "problem": need.problem})
        make_need.publish(need, by=author)
    page = staff.get(path)
    assert "Took it up as a need" in page.text
    page = page.follow("Readings from every valley")
    assert "Began with an idea by Harbour Ltd. This gives no advantage" in page.text
    assert "Began with an idea by Harbour Ltd" in browser().get(page.path).text


def test_each_sees_what_is_theirs(browser: Browse, world: World) -> None:
    with transaction():
        provider, by = session().merge(world.provider), session().merge(world.staff)
        drafted = make_idea.drafted(provider, by=by)
        proposed = make_idea.proposed(provider, by=by, public_summary="We read gauges from space.")
        secret = make_idea.proposed(provider, by=by)
    found = {}
    for role in ("staff", "lead", "buyer", "officer", "elsewhere", "author", "rival_staff", "team_staff", "operator"):
        client = browser(world.people[role]).client
        found[role] = [client.get(f"/ideas/{each.id}").status_code for each in (drafted, secret)]
    assert found == {
        "staff": [200, 200],
        "lead": [200, 200],
        "buyer": [404, 200],
        "officer": [404, 200],
        "elsewhere": [404, 200],
        "author": [404, 200],
        "rival_staff": [404, 404],
        "team_staff": [404, 404],
        "operator": [404, 404],
    }
    for person in (world.rival_staff, world.operator, None):
        page = browser(person).get(f"/ideas/{proposed.id}")
        assert page.h1 == "An idea by Harbour Ltd"
        assert ("We read gauges from space." in page.text, make_idea.TITLE in page.body) == (True, False)
    assert browser(world.rival_staff).get("/ideas", status=403)
    assert "We read gauges from space." in browser().get(f"/providers/{world.provider.id}").follow("Ideas").text


def test_who_works_for_both_reads_no_rivals_idea(browser: Browse, world: World) -> None:
    with transaction():
        rival = make_idea.proposed(session().merge(world.rival), by=session().merge(world.rival_staff))
        own = make_idea.proposed(session().merge(world.provider), by=session().merge(world.staff))
    both = browser(world.both)
    assert both.get(f"/ideas/{rival.id}").status == 404
    assert both.get(f"/ideas/{own.id}").status == 200
    assert both.get(f"/ideas/{own.id}/take-up").status == 403
    assert both.get("/ideas").status == 403


def test_ideas_for_us_say_which_need_they_fit_and_why(browser: Browse, world: World) -> None:
    with transaction():
        make_idea.proposed(session().merge(world.provider), by=session().merge(world.staff))
        far = make_need.capability("Falconry", "Birds")
        said: dict[str, Any] = {"problem": "Gulls.", "users": "Pilots.", "proposal": "Hawks."}
        make_idea.proposed(capabilities=[far], title="Hawks over airports", **said)
    page = browser(world.author).get("/desk").follow("Answer an idea that may fit your needs")
    assert page.h1 == "Ideas for us"
    assert "Fits Shape the harbours. Both name Data engineering. Both speak of" in page.text
    assert "Hawks over airports" not in page.text
    assert "Hawks over airports" in page.follow("All ideas").text
    page = browser(world.author).get(f"/needs/{world.early.id}/ideas")
    assert make_idea.TITLE in page.text
    assert "Ideas" in page.links()
    assert browser(world.author).get(f"/needs/{world.need.id}/ideas").status == 403
    assert browser(world.staff).get(f"/needs/{world.early.id}/ideas").status == 403


def test_all_ideas_are_found_by_words_and_capability(browser: Browse, world: World) -> None:
    with transaction():
        far = make_need.capability("Falconry", "Birds")
        make_idea.proposed(title="First", proposal="100% of gulls_")
        make_idea.proposed(title="Second", capabilities=[far])
    officer = browser(world.elsewhere)
    asked = {
        "?q=100%25": "First",
        "?q=gulls_": "First",
        "?capability=falconry": "Second",
        "?capability=area-birds": "Second",
    }
    for query, title in asked.items():
        page = officer.get(f"/ideas{query}")
        assert [each for each in ("First", "Second") if each in page.links()] == [title]
    for odd in ("?q=%00", "?capability=%00", "?page=99999999999999999999", "?q=" + "a" * 2000):
        assert officer.get(f"/ideas{odd}").status == 200


def test_no_answer_for_thirty_days_is_said(browser: Browse, world: World) -> None:
    with clock.at(clock.now() - timedelta(days=31)), transaction():
        idea = make_idea.proposed(session().merge(world.provider), by=session().merge(world.staff))
    page = browser(world.staff).get(f"/ideas/{idea.id}")
    assert "Nobody has answered yet. More than 30 days have passed." in page.text
    rows = browser().get("/insight").text
    assert "Ideas that waited more than 30 days for an answer1" in rows


def test_a_lapsed_idea_is_not_shown_nor_answered(browser: Browse, world: World) -> None:
    with clock.at(clock.now() - timedelta(days=365)), transaction():
        idea = make_idea.proposed(session().merge(world.provider), by=session().merge(world.staff))
    officer = browser(world.officer)
    assert make_idea.TITLE not in officer.get("/ideas").text
    assert "Lapsed" in officer.get(f"/ideas/{idea.id}").text
    assert officer.get(f"/ideas/{idea.id}/interest").status == 403


def test_with_two_departments_one_says_for_which(browser: Browse, world: World) -> None:
    with transaction():
        hills = make.department("Ministry of Rocks")
        make.join(session().merge(world.buyer), hills, "buyer")
        idea = make_idea.proposed()
    page = browser(world.buyer).get(f"/ideas/{idea.id}/decline")
    page = page.submit("Decline", reason="Not ours.")
    assert page.errors == ["Select a department"]
    assert "Not ours." in page.body
    page = page.submit("Decline", department=hills.id)
    with reading():
        (answer,) = session().get_one(Idea, idea.id).answers
        assert (answer.department_id, answer.state, answer.reason) == (hills.id, "declined", "Not ours.")


def test_lists_send_as_many_statements_for_three_ideas_as_for_one(browser: Browse, world: World) -> None:
    counts: dict[str, list[int]] = {}
    for more in (1, 2):
        with transaction():
            provider, by = session().merge(world.provider), session().merge(world.staff)
            for _ in range(more):
                idea = make_idea.proposed(provider, by=by, public_summary="For all.")
                elsewhere = session().merge(world.elsewhere)
                answering.mark_interest(idea, elsewhere.organisations()[0], by=elsewhere)
        need = f"/needs/{world.early.id}/ideas"
        for role, path in (
            ("staff", "/ideas/mine"),
            ("officer", "/ideas"),
            ("officer", "/ideas/for-us"),
            ("officer", need),
            ("officer", "/desk"),
            ("officer", f"/providers/{world.provider.id}/ideas"),
        ):
            person = browser(world.people[role])
            person.get(path)
            with statements() as sent:
                person.client.get(path)
            counts.setdefault(f"{role} {path}", []).append(len(sent))
    assert {path: found[1] - found[0] for path, found in counts.items()} == dict.fromkeys(counts, 0)


def test_what_was_typed_is_kept_when_a_colleague_was_first(browser: Browse, world: World) -> None:
    with transaction():
        idea = make_idea.drafted(session().merge(world.provider), by=session().merge(world.staff))
    first, second = (browser(each).get(f"/ideas/{idea.id}/edit") for each in (world.staff, world.lead))
    first.submit("Save the draft", proposal="Mine.")
    page = second.submit("Save the draft", proposal="Ours, together.")
    assert (page.status, "Ours, together." in page.body) == (422, True)
    page.submit("Save the draft")
    with reading():
        assert session().get_one(Idea, idea.id).proposal == "Ours, together."


def test_hostile_input_is_refused_in_words_or_not_found(browser: Browse, world: World) -> None:
    with transaction():
        provider, by = session().merge(world.provider), session().merge(world.staff)
        draft, own = make_idea.drafted(provider, by=by), make_idea.proposed(provider, by=by)
        foreign = make_idea.proposed()
        officer = session().merge(world.officer)
        theirs = answering.ask_back(foreign, officer.organisations()[0], question="How?", by=officer)
    staff, officer_browser = browser(world.staff), browser(world.officer)
    assert staff.post(f"/ideas/{own.id}/answers/{theirs.id}/reply", reply="Mine").status == 404
    assert staff.post(f"/ideas/{foreign.id}/withdraw").status == 404
    assert officer_browser.post(f"/ideas/{own.id}/withdraw").status == 404
    assert officer_browser.post(f"/ideas/{own.id}/interest", department=world.provider.organisation_id).status == 422
    assert staff.post(f"/ideas/{draft.id}/edit", evidence="nothing", weeks="-1", high_pence="1e99").status == 422
    assert staff.post(f"/ideas/{own.id}/propose").status == 403
    page = staff.post(f"/ideas/{draft.id}/edit", title="<script>alert(1)</script>", version="0")
    assert "<script>alert" not in page.body
    for path in ("/ideas/nothing", "/ideas/%00", f"/ideas/{'a' * 200}"):
        assert staff.get(path).status == 404
    assert browser().get(f"/ideas/{own.id}").status == 404
