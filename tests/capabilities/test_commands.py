"""Bringing the vocabulary and outside codes in, again and again; adding a synonym."""

import csv

import pytest
from sqlalchemy import func, select

from app.capabilities import cli, commands, queries
from app.capabilities.models import Capability, CapabilityCode, OutsideCode, Synonym
from app.kernel import audit, db
from app.kernel.audit import AuditEntry
from app.kernel.db import session
from app.kernel.errors import Conflict
from app.kernel.importing import Listed, Row, WrongFile, bring_in
from tests import make


def counts() -> dict[str, int]:
    with db.reading():
        models = (Capability, Synonym, CapabilityCode, OutsideCode, AuditEntry)
        return {model.__name__: session().scalar(select(func.count()).select_from(model)) for model in models}


def test_loading_the_vocabulary_twice_doubles_nothing(store):
    commands.load_vocabulary()
    before = counts()
    result = commands.load_vocabulary()
    assert (result.added, result.changed, result.bad, counts()) == (0, 0, 0, before)
    assert (result.unchanged, before["AuditEntry"]) == (before["Capability"], 1)


def test_loading_mends_what_was_changed_and_keeps_what_was_added(vocabulary):
    with db.transaction():
        capability = queries.get_capability("penetration-testing")
        capability.name, capability.retired = "Something else", True
        capability.synonyms = [row for row in capability.synonyms if row.phrase != "pen test"]
        commands.add_synonym(queries.get_capability("java"), "jakarta ee", by=None)
    result = commands.load_vocabulary()
    assert (result.added, result.changed, result.bad) == (0, 1, 0)
    with db.reading():
        capability = queries.get_capability("penetration-testing")
        assert (capability.name, capability.retired) == ("Penetration testing", False)
        assert queries.recognise("pen test and Jakarta EE") == ["penetration-testing", "java"]
        facts = session().scalars(select(AuditEntry.facts).where(AuditEntry.verb == "change")).one()
        assert (facts["before"]["name"], facts["after"]["name"]) == ("Something else", "Penetration testing")


def test_what_the_vocabulary_has_no_longer_is_retired_only_if_told(vocabulary):
    with db.transaction():
        session().add(Capability(id="abacus", level="capability", parent_id="data-management", name="Abacus"))
    commands.load_vocabulary()
    with db.reading():
        assert queries.recognise("abacus") == ["abacus"]
    assert commands.load_vocabulary(retire=True).changed == 1
    with db.reading():
        assert queries.recognise("abacus") == []
        assert queries.get_capability("abacus").retired
        assert "abacus" not in [key for options in queries.choices().values() for key, _ in options]
    assert commands.load_vocabulary(retire=True).changed == 0


def test_outside_codes_come_in_and_a_second_time_change_nothing(store, data, tmp_path):
    for file, count in (("cpv_2008_en.csv.gz", 9_000), ("ddat_skills.csv.gz", 180)):
        path = data(f"registers/{file}")
        first = commands.import_capabilities(path, reports=tmp_path)
        again = commands.import_capabilities(path, reports=tmp_path)
        assert (first.added > count, first.changed, first.bad) == (True, 0, 0)
        assert (again.added, again.changed, again.unchanged, again.bad) == (0, 0, first.added, 0)
    with db.reading():
        code = session().scalars(select(OutsideCode).where(OutsideCode.code == "72212783")).one()
        assert (code.scheme, code.label, code.parent_code) == (
            "CPV",
            "Content management software development services",
            "72212700",
        )
        assert list(audit.verify()) == []


def test_a_code_whose_label_changed_is_changed(store, tmp_path):
    path = tmp_path / "cpv.csv"
    for content, told in (
        ("code,label,parent,depth\n72212000-4,Old,72210000,3\n", (1, 0, 0)),
        ("code,label,parent,depth\n72212000,New,72210000,3\n", (0, 1, 0)),
        ("code,label,parent,depth\n72212000,New,72210000,3\n", (0, 0, 1)),
    ):
        path.write_text(content)
        result = commands.import_capabilities(path, reports=tmp_path)
        assert (result.added, result.changed, result.unchanged) == told
    with db.reading():
        entries = session().scalars(select(AuditEntry).order_by(AuditEntry.position)).all()
        assert [(entry.verb, entry.subject, entry.facts["file"]) for entry in entries] == [
            ("import_codes", "outside_codes:CPV", "cpv.csv")
        ] * 3


def test_bad_codes_are_told_and_good_ones_come_in(store, tmp_path):
    path = tmp_path / "cpv.csv"
    path.write_text(
        "code,label,parent,depth\n72212000,One,,0\n7221,Short,,0\n72212000,Again,,0\n72220000,,,0\n72230000,Two,x,0\n72240000,Three,,0\n"
    )
    result = commands.import_capabilities(path, reports=tmp_path / "reports")
    assert (result.added, result.bad) == (2, 4)
    with result.report_path.open(newline="") as file:
        assert [line[:2] for line in csv.reader(file)][1:] == [
            ["3", "A CPV code has eight digits, not '7221'."],
            ["4", "72212000 stands in line 2 already."],
            ["5", "label is missing."],
            ["6", "A CPV code has eight digits, not 'x'."],
        ]


def test_further_capabilities_come_in_from_csv_and_yaml(vocabulary, tmp_path):
    csv_file, yaml_file = tmp_path / "more.csv", tmp_path / "more.yaml"
    csv_file.write_text(
        "id,level,parent,name,description,synonyms,cpv,ddat\n"
        "abacus,capability,data-management,Abacus,Counts.,counting frame|soroban,72212000,Testing\n"
        "beads,skill,abacus,Beads,,,,\n"
        "lost,skill,nowhere,Lost,,,,\n"
        "stray,skill,data-management,Stray,,,,\n"
        "abacus,skill,abacus,Abacus,,,,\n"
        "two,capability,data-management,Penetration testing,,,,\n"
        "three,capability,data-management,Three,,K8S,,\n"
        "four,capability,data-management,pen tests,,,,\n"
    )
    yaml_file.write_text(
        "areas:\n- id: counting\n  name: Counting\n"
        "  capabilities:\n  - {id: tally, name: Tally, synonyms: [tally sticks]}\n"
    )
    result = commands.import_capabilities(csv_file, reports=tmp_path / "reports")
    assert (result.added, result.bad) == (2, 6)
    with result.report_path.open(newline="") as file:
        assert [line[1] for line in csv.reader(file)][1:] == [
            "Its parent 'nowhere' is no capability that came before it.",
            "Its parent 'data-management' is no capability that came before it.",
            "'abacus' is a capability already.",
            "The name 'Penetration testing' is taken by another capability.",
            "“k8s” means container-orchestration already.",
            "“pen tests” means penetration-testing already.",
        ]
    assert commands.import_capabilities(yaml_file, reports=tmp_path).added == 2
    with db.reading():
        assert queries.recognise("soroban beads and tally sticks") == ["abacus", "beads", "tally"]
        assert queries.codes_of(queries.get_capability("abacus")) == [("CPV", "72212000", ""), ("DDAT", "Testing", "")]
    assert commands.import_capabilities(csv_file, reports=tmp_path).unchanged == 2
    assert commands.import_capabilities(yaml_file, reports=tmp_path).unchanged == 2


def test_a_file_of_something_else_is_refused_with_what_can_be_read(store, tmp_path):
    path = tmp_path / "other.csv"
    path.write_text("x,y\n1,2\n")
    with pytest.raises(WrongFile, match=r"CPV codes \(code, label, parent\); DDaT skills"):
        commands.import_capabilities(path, reports=tmp_path)


def test_the_command_line_tells_its_progress_and_puts_its_report_where_it_is_told(store, tmp_path):
    path = tmp_path / "skills.csv"
    path.write_text("Skill Name,Skill Description\nTesting,Tests.\n,Nothing.\n")
    told: list[int] = []
    result = cli.import_capabilities(path, lambda done, total: told.append(done), reports=tmp_path / "reports")
    assert (result.added, result.bad, told) == (1, 1, [path.stat().st_size])
    assert result.report_path.parent == tmp_path / "reports"


def test_adding_a_synonym_is_audited_and_found_at_once(vocabulary):
    with db.transaction():
        operator = make.operator()
        assert queries.recognise("Kubernetees") == []
        commands.add_synonym(queries.get_capability("container-orchestration"), "Kubernetees  Cluster", by=operator)
        assert queries.recognise("a kubernetees cluster") == ["container-orchestration"]
    with db.reading():
        assert "kubernetees cluster" in queries.synonyms()["Containers and orchestration"]
        entry = session().scalars(select(AuditEntry).where(AuditEntry.verb == "add_synonym")).one()
        assert (entry.person_id, entry.subject, entry.facts) == (
            operator.id,
            "capabilities:container-orchestration",
            {"phrase": "kubernetees cluster"},
        )


@pytest.mark.parametrize(
    ("phrase", "why"),
    [
        ("Pen-Test", "“Pen-Test” means Penetration testing already."),
        ("go", "“go” stands in any text, so it cannot name one capability."),
        ("…", "A synonym has letters or numbers."),
    ],
)
def test_a_synonym_that_cannot_stand_is_refused(vocabulary, phrase, why):
    with db.transaction(), pytest.raises(Conflict) as caught:
        commands.add_synonym(queries.get_capability("java"), phrase, by=None)
    assert caught.value.message == why


def test_a_transaction_that_is_thrown_away_leaves_no_word_behind(vocabulary):
    with db.reading():
        session().add(Synonym(capability_id="java", phrase="jakarta ee"))
        session().flush()
        assert queries.recognise("jakarta ee") == ["java"]
    with db.reading():
        assert queries.recognise("jakarta ee") == []


def test_a_batch_that_is_played_again_says_the_same(store, tmp_path):
    """PostgreSQL may refuse a batch the first time: duplicates are judged by the file alone."""
    prepare = commands._code_taker("CPV", commands._cpv_of)
    rows = [Row(n, {"code": f"7221{n % 3}000", "label": "x"}) for n in range(2, 6)]
    for told in ((3, 0, 1), (0, 3, 1)):
        result = bring_in(Listed("x", rows), prepare, reports=tmp_path)
        assert (result.added, result.unchanged, result.bad) == told
