"""The vocabulary that Clarion ships with is sound, and files of further capabilities are read with care."""

import csv
import gzip
from collections import Counter

import pytest

from app.capabilities.models import AREA, CAPABILITY, SKILL
from app.capabilities.phrases import fault_of, fold
from app.capabilities.vocabulary import SHIPPED, Entry, entry_of, read_vocabulary
from app.kernel.importing import BadLine, BadRow, Row, WrongFile


@pytest.fixture(scope="module")
def entries() -> list[Entry]:
    rows = list(read_vocabulary(SHIPPED).rows())
    assert not [row for row in rows if isinstance(row, BadLine)]
    return [entry_of(row) for row in rows]


def test_vocabulary_has_its_areas_capabilities_and_skills(entries):
    count = Counter(entry.level for entry in entries)
    assert (count[AREA], count[CAPABILITY] >= 150, count[SKILL] >= 30) == (14, True, True)
    beneath = Counter(entry.parent_id for entry in entries)
    assert [entry.id for entry in entries if entry.level == AREA and beneath[entry.id] < 5] == []


def test_ids_and_names_stand_once(entries):
    for values in ([entry.id for entry in entries], [entry.name.casefold() for entry in entries]):
        assert [value for value, count in Counter(values).items() if count > 1] == []


def test_every_phrase_means_one_capability(entries):
    phrases = [fold(phrase) for entry in entries if entry.level != AREA for phrase in (entry.name, *entry.synonyms)]
    assert [" ".join(phrase) for phrase, count in Counter(phrases).items() if count > 1] == []


def test_every_capability_has_a_description_and_three_synonyms_that_can_stand_in_a_text(entries):
    wanting = [entry.id for entry in entries if not entry.description.endswith(".")]
    wanting += [entry.id for entry in entries if entry.level != AREA and not 3 <= len(entry.synonyms) <= 12]
    wanting += [phrase for entry in entries for phrase in entry.synonyms if fault_of(phrase)]
    assert wanting == []


def test_every_capability_has_outside_codes(entries):
    for scheme in ("CPV", "DDAT"):
        bare = [e.id for e in entries if e.level != AREA and scheme not in {code[0] for code in e.codes}]
        assert bare == []


@pytest.mark.parametrize(
    ("scheme", "file", "column"),
    [("CPV", "cpv_2008_en.csv.gz", "code"), ("DDAT", "ddat_skills.csv.gz", "Skill Name")],
)
def test_outside_codes_exist(entries, data, scheme, file, column):
    with gzip.open(data(f"registers/{file}"), "rt", encoding="utf-8-sig") as register:
        known = {row[column] for row in csv.DictReader(register)}
    assert [(e.id, code) for e in entries for of, code in sorted(e.codes) if of == scheme and code not in known] == []


GOOD = {"id": "a-b", "level": "capability", "parent": "area", "name": "A b"}


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"id": "A b"}, "id must be small letters, numbers and hyphens, such as data-engineering."),
        ({"id": ""}, "id is missing."),
        ({"id": "x" * 61}, "id has 61 characters; the most is 60."),
        ({"level": "thing"}, "level must be one of area, capability, skill, not 'thing'."),
        ({"parent": ""}, "The parent of a capability is missing."),
        ({"level": "area"}, "An area has no parent."),
        ({"name": None}, "name is missing."),
        ({"name": ["x"]}, "name must be text."),
        ({"cpv": "7221"}, "A CPV code has eight digits, not '7221'."),
        ({"synonyms": "k8s|it"}, "“it” stands in any text, so it cannot name one capability."),
        ({"synonyms": [None]}, "synonyms is missing."),
    ],
)
def test_an_entry_that_is_wrong_says_why(changed, reason):
    with pytest.raises(BadRow) as caught:
        entry_of(Row(1, {**GOOD, **changed}))
    assert caught.value.reason == reason


def test_an_entry_from_a_cell_or_a_list_is_the_same():
    lists = {"synonyms": ["K8s", "k8S", "A  B"], "cpv": ["72212000-4"], "ddat": ["Testing"]}
    cells = {"synonyms": "K8s|k8S|A  B", "cpv": "72212000", "ddat": "Testing"}
    made = entry_of(Row(1, {**GOOD, **lists}))
    assert made == entry_of(Row(1, {**GOOD, **cells}))
    assert (made.synonyms, made.codes) == (("k8s",), frozenset({("CPV", "72212000"), ("DDAT", "Testing")}))


def test_yaml_entries_know_their_line_and_follow_their_parent(tmp_path):
    path = tmp_path / "more.yaml"
    path.write_text(
        "areas:\n- id: a\n  name: A\n  capabilities:\n  - id: b\n    name: B\n    skills:\n    - id: c\n  - odd\n"
    )
    rows = list(read_vocabulary(path).rows())
    assert [(row.line, row.values) for row in rows if isinstance(row, Row)] == [
        (2, {"level": "area", "parent": None, "id": "a", "name": "A"}),
        (5, {"level": "capability", "parent": "a", "id": "b", "name": "B"}),
        (8, {"level": "skill", "parent": "b", "id": "c"}),
    ]
    assert [row.reason for row in rows if isinstance(row, BadLine)] == ["Something within a is not an entry."]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"just words",
        b"areas: 5",
        b"areas: [",
        b"areas: &a\n- id: x\n  capabilities: *a\n",
        b"areas: !!python/object/apply:os.system ['true']",
        b"areas: \xff\xfe",
        b"areas:\n" + b"[" * 5_000,
        b"a: b: c",
    ],
)
def test_yaml_that_is_no_vocabulary_is_refused(tmp_path, content):
    path = tmp_path / "more.yaml"
    path.write_bytes(content)
    with pytest.raises(WrongFile):
        list(read_vocabulary(path).rows())
