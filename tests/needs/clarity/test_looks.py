"""Each look over texts that meet its rule and texts that do not, hostile and empty ones too."""

from typing import Any

import pytest

from app.needs.clarity.looks.content import (
    is_unknown,
    measures_have_baselines,
    money_is_said,
    musts_are_few,
    users_are_named,
)
from app.needs.clarity.looks.problem import is_explained
from app.needs.clarity.looks.providers import enough_could_meet_it
from app.needs.clarity.looks.reading_age import is_easy_to_read, reading_age
from app.needs.clarity.looks.wording import abbreviations_are_explained, products_are_absent, words_are_plain
from app.needs.clarity.prose import sentences_of
from app.needs.clarity.rule import Seen
from app.needs.market import Barrier, Market
from tests.needs.clarity.make import EXPLAINED, measure, need, read, requirement

WELSH = (
    "Mae clerigwyr yn aros pedwar munud am bob cofnod, naw cant o weithiau y dydd. Mae cleifion yn mynd adref heb eu "
    "canlyniadau ac yn dod yn ôl yr wythnos wedyn i ofyn eto am yr un peth."
)
SOLUTION = "We need a system that holds all records. It will be fast. The supplier will build it within a year."

# problem, how far it is explained, and in which ways it is not
PROBLEMS: list[tuple[str, float, list[str]]] = [
    (EXPLAINED, 1, []),
    ("Installers wait 51 days for a grant payment. Eleven small firms have stopped taking grant work.", 1, []),
    # an account in numbers names no failure, and is one
    (
        "A judge signs in to 14 systems each morning. The service desk resets 3,100 passwords a month, for two days.",
        0.75,
        ["cost"],
    ),
    (
        "A driver who is refused in one town is given a licence in the next, and people are hurt as a result.",
        0.75,
        ["often"],
    ),
    (
        "The map is drawn by a person who sits in the tower, and it hangs upon the wall of the room.",
        0,
        ["wrong", "often", "cost"],
    ),
    ("It is slow.", 0.25, ["short", "often", "cost"]),
    ("", 0, ["empty"]),
    (" \n\t ", 0, ["empty"]),
    ("?!… — ***", 0, ["empty"]),
    ("Faster records for clinicians", 0, ["copy"]),
    ("Faster records for clinicians. " * 40, 0, ["copy"]),
    ("RECORDS, records; faster: clinicians!", 0, ["copy"]),
    ("Clinicians should have records at once, and lose none of them.", 0, ["copy"]),
    ("We need a system that stores records.", 0, ["solution"]),
    (
        "We are looking for a supplier who removes errors and delays, for 400 people, at a cost of £2m. " * 20,
        0,
        ["solution"],
    ),
    ("We require a platform. The platform must be available in 12 regions.", 0, ["solution"]),
    ("Procurement of a case management tool for 300 users", 0, ["solution"]),
    ("We want a platform which removes errors and delays for 400 people.", 0, ["solution"]),
    ("Organisations can apply for a share of up to £2.5 million for research.", 0, ["solution"]),
    # an amount of money tells neither how often nor to how many
    ("The clerk has £2.5 million in the drawer and looks at the wall of the room.", 0.25, ["wrong", "often"]),
    # the same beginning, and then the reason
    (
        "We need a system because 40 letters a day are lost and nobody can find them for weeks, which costs £9,000.",
        1,
        [],
    ),
    (f"{SOLUTION} Today 40 letters a day are lost, and finding one takes two hours.", 1, []),
    ("<script>alert(1)</script> {words} %s {0}", 0, ["short", "wrong", "often", "cost"]),
]


@pytest.mark.parametrize(("text", "met", "ways"), PROBLEMS, ids=[text[:40] for text, *_ in PROBLEMS])
def test_a_problem_is_explained_by_what_goes_wrong_how_often_and_what_it_costs(
    text: str, met: float, ways: list[str]
) -> None:
    summary = "Clinicians should have all records at once, and lose none of them."
    seen = is_explained(read(title="Faster records for clinicians", summary=summary, problem=text))
    assert (seen.met, [spot.way for spot in seen.spots]) == (met, ways)


USERS: list[tuple[str, float, list[str]]] = [
    ("4,000 district nurses", 1, []),
    ("Clinicians in forty hospitals, about half of them at night", 1, []),
    ("Harbour masters", 0.6, ["count"]),
    ("everyone", 0, ["vague", "count"]),
    ("All our staff and stakeholders", 0, ["vague", "count"]),
    ("All 300 staff", 1, []),
    ("", 0, ["empty"]),
    ("—", 0, ["empty"]),
]


@pytest.mark.parametrize(("text", "met", "ways"), USERS)
def test_users_are_somebody_and_counted(text: str, met: float, ways: list[str]) -> None:
    seen = users_are_named(read(users=text))
    assert (seen.met, [spot.way for spot in seen.spots]) == (met, ways)


MEASURES: list[tuple[list[Any], float, list[tuple[str, str]]]] = [
    ([measure()], 1, []),
    ([measure(), measure(baseline="")], 0.5, [("baseline", "Outcome 2")]),
    ([measure(baseline="TBC")], 0, [("unknown", "Outcome 1")]),
    ([measure(measure=" ", baseline="")], 0, [("measure", "Outcome 1"), ("baseline", "Outcome 1")]),
    ([measure("", "", "")], 0, [("measure", "Outcome 1"), ("baseline", "Outcome 1")]),
    ([], 0, [("none", "Outcomes")]),
]


@pytest.mark.parametrize(("rows", "met", "spots"), MEASURES)
def test_measures_want_a_baseline_each(rows: list[Any], met: float, spots: list[tuple[str, str]]) -> None:
    seen = measures_have_baselines(read(measures=rows))
    assert (seen.met, [(spot.way, spot.label) for spot in seen.spots]) == (met, spots)


BASELINES = {
    **dict.fromkeys(
        ["unknown", "Not known", "TBC", "tbd.", "n/a", "N/A", "?", "-", "to be confirmed", "To be determined in May"]
    ),
    **dict.fromkeys(
        ["0", "none", "4 minutes", "about 30%, not measured since 2024", "not known, but over 200", "Nobody"], "said"
    ),
}


@pytest.mark.parametrize(("baseline", "said"), BASELINES.items())
def test_a_baseline_that_says_there_is_none_is_none(baseline: str, said: str | None) -> None:
    assert is_unknown(baseline) == (said is None)


MONEY: list[tuple[int | None, int | None, float, list[str]]] = [
    (100, 200, 1, []),
    (0, 200, 1, []),
    (None, 200, 0.5, ["low_pence"]),
    (100, None, 0.5, ["high_pence"]),
    (None, None, 0, ["high_pence"]),
    (0, 0, 0.5, ["high_pence"]),
]


@pytest.mark.parametrize(("low", "high", "met", "fields"), MONEY)
def test_money_has_two_ends(low: int | None, high: int | None, met: float, fields: list[str]) -> None:
    seen = money_is_said(read(low_pence=low, high_pence=high))
    assert (seen.met, [spot.field for spot in seen.spots]) == (met, fields)


@pytest.mark.parametrize(("musts", "met"), [(0, 1), (1, 1), (6, 1), (7, 5 / 6), (9, 0.5), (12, 0), (50, 0)])
def test_six_musts_are_well_and_each_further_one_costs_a_sixth(musts: int, met: float) -> None:
    rows = [requirement(f"Thing {number}", weight=number) for number in range(1, musts + 1)]
    seen = musts_are_few(read(requirements=[*rows, *[requirement(kind="nice")] * 9]))
    assert seen.met == pytest.approx(met)
    assert [spot.words for spot in seen.spots] == (
        [{"count": str(musts), "over": str(musts - 6), "lightest": "Thing 1"}] if musts > 6 else []
    )


def words_of_spots(seen: Seen, name: str) -> list[tuple[str, str]]:
    return [(spot.label, spot.words[name]) for spot in seen.spots]


# where it stands, its text, and the products found there
PRODUCTS: list[tuple[dict[str, Any], list[tuple[str, str]]]] = [
    ({"title": "Replace SharePoint"}, [("Title", "SharePoint")]),
    ({"title": "Replace sharepoint"}, [("Title", "sharepoint")]),
    (
        {"problem": "All is kept in Microsoft  Teams, in MICROSOFT-TEAMS and in Salesforce."},
        [("Problem", "Microsoft  Teams"), ("Problem", "MICROSOFT-TEAMS"), ("Problem", "Salesforce")],
    ),
    ({"problem": "All is in Oracle. We asked the oracle. Oracle's forms, oracle forms."}, [("Problem", "Oracle")]),
    ({"problem": "They excel at this, zoom in, slack off and see the remedy."}, []),
    ({"problem": "The atlas, the dockers, jiras and capitals of Kafkaesque visions"}, []),
    (
        {"requirements": [requirement(), requirement("Works with Power BI/Tableau")]},
        [("Requirement 2", "Power BI"), ("Requirement 2", "Tableau")],
    ),
    ({"measures": [measure("All on AWS", "Share in AWS")]}, [("Outcome 1", "AWS")]),
    ({"done_already": "We tried SharePoint.", "supplied_today": "Fujitsu, on Oracle."}, []),
    ({"summary": "We use Drupal."}, []),
    ({}, []),
]


@pytest.mark.parametrize(("fields", "found"), PRODUCTS)
def test_products_are_found_where_outcomes_are_meant(fields: dict[str, Any], found: list[tuple[str, str]]) -> None:
    seen = products_are_absent(read(**fields))
    assert words_of_spots(seen, "product") == found
    assert seen.met == pytest.approx(max(0, 1 - len(found) / 3))


JARGON: list[tuple[str, list[str]]] = [
    ("We will utilise, utilizing, Utilised and utilizes.", ["utilise", "utilizing", "Utilised", "utilizes"]),
    ("A cutting-edge, best of breed platform going forward", ["cutting-edge", "best of breed", "going forward"]),
    ("In order\nto be seamless", ["seamless"]),
    ("a user and the useful uses of it", []),
    ("order to", []),
    ("", []),
]


@pytest.mark.parametrize(("text", "found"), JARGON)
def test_jargon_is_found_in_each_of_its_forms(text: str, found: list[str]) -> None:
    seen = words_are_plain(read(done_already=text))
    assert [words for _, words in words_of_spots(seen, "jargon")] == found
    assert seen.met == pytest.approx(max(0, 1 - len(found) / 5))


SHORTS: list[tuple[str, list[str]]] = [
    ("The DVLA and the DWP know.", []),
    ("Ask the ABCD. The ABCD answers, and so does the XYZ.", ["ABCD", "XYZ"]),
    ("The Asset Base Control Desk (ABCD) knows. ABCD, ABCDs.", []),
    ("ABCD (Asset Base Control Desk) knows.", []),
    ("Ask the ABCD. It is the Asset Base and Control Desk (“ABCD”).", []),
    ("Extensible Business Reporting Language (XBRL)", []),
    # in brackets, and yet not told
    ("Somebody (ABCD) knows.", ["ABCD"]),
    ("(ABCD)", ["ABCD"]),
    ("ABCD (see below)", ["ABCD"]),
    # the department's own, in any case and number
    ("DfT, DFT", []),
    ("We use SharePoint, JavaScript and part III, at SW1A and for PU-17/0317 of H2020.", ["PU"]),
    ("WE NEED A NEW SYSTEM FOR THE QXYZ NOW", []),
    ("We MUST have it NOW and NOT later.", []),
    ("SaaS, MoJ and CoE", ["SaaS", "MoJ", "CoE"]),
    ("Write to QXYZ@example.org or see https://example.org/QXYZ.", []),
    ("A(B)C(D)((((((", []),
    ("", []),
]


@pytest.mark.parametrize(("text", "found"), SHORTS)
def test_abbreviations_are_found_unless_known_or_explained(text: str, found: list[str]) -> None:
    seen = abbreviations_are_explained(read(done_already=text))
    assert [words for _, words in words_of_spots(seen, "short")] == found


def test_an_abbreviation_is_explained_anywhere_in_the_need() -> None:
    need = {"title": "Help the ABCD", "requirements": [requirement("Like the Asset Base Control Desk (ABCD)")]}
    assert abbreviations_are_explained(read(**need)) == Seen(1)


def test_the_reading_age_is_that_of_the_formula() -> None:
    # 49 characters, 9 words, 2 sentences, and five years before the first grade
    assert reading_age(sentences_of("Records open slowly today. Clinicians wait for ten minutes.")) == pytest.approx(
        4.71 * 49 / 9 + 0.5 * 9 / 2 - 21.43 + 5
    )
    assert reading_age([]) is None
    assert reading_age(sentences_of("I do. So do we.")) == 5


HARD = (
    "Notwithstanding the considerable organisational complexities characterising interdepartmental responsibilities, "
    "comprehensive infrastructural modernisation necessitates unprecedented administrative collaboration."
)


def test_the_hardest_sentence_is_shown_where_it_stands() -> None:
    seen = is_easy_to_read(read(problem="We wait for it.", requirements=[requirement(), requirement(f"Do it. {HARD}")]))
    assert [(spot.section, spot.field, spot.label, spot.words["sentence"]) for spot in seen.spots] == [
        ("requirements", "requirements", "Requirement 2", HARD.rstrip("."))
    ]
    assert seen.met == 0


@pytest.mark.parametrize(
    "text",
    [
        "",
        "-",
        "Yes.",
        "- one\n- two\n- three",
        "1. Do this\n2. Do that",
        "We wait. They wait. It is late.",
        "e.g. this",
    ],
)
def test_short_and_listed_text_is_easy(text: str) -> None:
    assert is_easy_to_read(read(problem=text)) == Seen(1)


def test_a_very_long_sentence_is_quoted_by_its_beginning() -> None:
    seen = is_easy_to_read(read(problem="unfathomable " * 400))
    assert len(seen.spots[0].words["sentence"]) <= 601


SENTENCES = [
    ("One. Two! Three? Four", ["One.", "Two!", "Three?", "Four"]),
    ("It costs £4.50, e.g. for tea. Then Dr. Who left.", ["It costs £4.50, e.g. for tea.", "Then Dr. Who left."]),
    ("These:\n- one thing\n- two things\n\n3) three", ["These:", "one thing", "two things", "three"]),
    ("...\n\n!!!", []),
    ("See https://example.org/a.b. Next", ["See ….", "Next"]),
]


@pytest.mark.parametrize(("text", "sentences"), SENTENCES)
def test_text_is_cut_into_sentences(text: str, sentences: list[str]) -> None:
    assert [sentence.text for sentence in sentences_of(text)] == sentences


def test_what_is_not_english_is_seen() -> None:
    texts = {WELSH: False, EXPLAINED: True, "Angen": True, f"{WELSH} {EXPLAINED} {SOLUTION}": True, "": True}
    assert {text: read(problem=text).is_english for text in texts} == texts


def barrier(left: int) -> Barrier:
    return Barrier("constraints", "Security clearance", "Developed vetting (DV)", left)


MARKETS: list[tuple[Market | None, Seen | None]] = [
    (None, None),
    (Market(2, 0), None),
    (Market(40, 3), Seen(1)),
    (Market(40, 40), Seen(1)),
]


@pytest.mark.parametrize(("market", "seen"), MARKETS)
def test_three_providers_are_enough_and_nobody_can_tell_in_an_empty_market(
    market: Market | None, seen: Seen | None
) -> None:
    assert enough_could_meet_it(read(market)) == seen


def test_few_providers_name_the_barrier_that_removes_most() -> None:
    seen = enough_could_meet_it(read(Market(40, 1, (barrier(17), Barrier("money", "Money", "£1", 2)))))
    assert seen is not None
    assert seen.met == pytest.approx(1 / 3)
    assert [(spot.way, spot.section, spot.words) for spot in seen.spots] == [
        (
            "barrier",
            "constraints",
            {
                "eligible": "1 provider",
                "offering": "40",
                "label": "Security clearance",
                "wanted": "Developed vetting (DV)",
                "left": "17 providers",
            },
        )
    ]
    bare = enough_could_meet_it(read(Market(40, 0)))
    assert bare is not None
    assert (bare.met, [spot.way for spot in bare.spots]) == (0, ["few"])


def test_nothing_given_at_all_breaks_no_look() -> None:
    nothing = need(**dict.fromkeys(["title", "summary", "problem", "users", "measures", "requirements", "department"]))
    assert [is_explained(read(**vars(nothing))).met, users_are_named(read(**vars(nothing))).met] == [0, 0]
    for look in (products_are_absent, words_are_plain, abbreviations_are_explained, is_easy_to_read):
        assert look(read(**vars(nothing))) == Seen(1)
