"""Reading the vocabulary."""

import csv

import pytest
from sqlalchemy import event

from app.capabilities import commands, queries
from app.capabilities.models import AREA
from app.kernel import db, search
from app.kernel.errors import NotFound


def test_the_tree_is_by_name_and_counts_what_is_beneath(vocabulary):
    with db.reading():
        areas = queries.capability_tree()
        assert [area.node.name for area in areas] == sorted((area.node.name for area in areas), key=str.casefold)
        software = next(area for area in areas if area.node.id == "software-development")
        back_end = next(branch for branch in software.below if branch.node.id == "back-end-development")
        assert [node.id for node in back_end.nodes_below] == [
            "dotnet",
            "golang",
            "java",
            "php",
            "python",
            "ruby",
            "scala",
        ]
        assert (back_end.count, software.count) == (7, len(queries.choices()["Software development"]))


def test_the_tree_costs_two_queries_in_a_transaction(vocabulary):
    told: list[str] = []
    event.listen(vocabulary.engine, "before_cursor_execute", lambda *values: told.append(values[2]))
    with db.reading():
        for _ in range(3):
            queries.recognise("k8s")
            queries.choices()
    assert len([each for each in told if each.startswith("SELECT")]) == 2


def test_broader_capabilities_and_areas(vocabulary):
    with db.reading():
        assert queries.areas_of(["java", "python", "penetration-testing", "cyber-security", "unknown"]) == [
            "software-development",
            "cyber-security",
        ]
        assert queries.with_broader(["java", "penetration-testing"]) == [
            "java",
            "back-end-development",
            "penetration-testing",
        ]
        assert queries.names_of(["java", "unknown"]) == {"java": "Java"}


def test_capabilities_are_named_by_name_and_synonym(vocabulary):
    with db.reading():
        assert [each.id for each in queries.capabilities_named("pen test for a Drupal site")] == [
            "penetration-testing",
            "drupal",
        ]
        assert queries.find_capability_named("UCD").id == "user-centred-design"
        assert queries.find_capability_named("Cyber security").id != "cyber-security"
        assert queries.find_capability_named("nothing of the kind") is None
        with pytest.raises(NotFound):
            queries.get_capability("nothing")


def test_synonyms_for_the_search_are_read_inside_and_outside_a_transaction(vocabulary):
    outside = queries.synonyms()
    with db.reading():
        assert queries.synonyms() == outside
    assert "k8s" in outside["Containers and orchestration"]


def test_codes_are_found_by_their_beginning_and_their_label(vocabulary, tmp_path):
    path = tmp_path / "cpv.csv"
    path.write_text(
        "code,label,parent\n72212783,Content software,72212700\n"
        "72212780,Storage 100%_\\ software,72212700\n09000000,Oil,\n"
    )
    commands.import_capabilities(path, reports=tmp_path)
    with db.reading():
        found = {
            text: [code.code for code, _ in queries.codes_named(text)]
            for text in ("CPV 72212", "72212783", "oil", "%", "")
        }
        assert found == {
            "CPV 72212": ["72212780", "72212783"],
            "72212783": ["72212783"],
            "oil": ["09000000"],
            "%": [],
            "": [],
        }
        assert [code.code for code, _ in queries.codes_named("storage 100%_\\ SOFTWARE")] == ["72212780"]
        assert [[each.id for each in meant] for _, meant in queries.codes_named("CPV 72212783")] == [
            ["content-management", "drupal", "wordpress"]
        ]
        assert queries.codes_named("9\0") == []
        assert queries.capability_ids_with_code("CPV", "72212789") == ["software-engineering"]
        assert queries.capability_ids_with_code("CPV", "03000000") == []
        assert "accessibility" in queries.capability_ids_with_code("DDAT", "Accessibility")


def test_capabilities_are_found_by_search(vocabulary):
    search.catch_up()

    def ids(words: str) -> list[str]:
        return [hit.row_id for hit in search.find("capability", words).hits]

    assert ids("k8s")[0] == "container-orchestration"
    assert ids("pen test")[0] == "penetration-testing"
    assert {"content-management", "drupal", "wordpress"} == set(ids("CPV 72212783"))
    with db.transaction():
        commands.add_synonym(queries.get_capability("java"), "jakarta ee", by=None)
        queries.get_capability("drupal").retired = True
    search.catch_up()
    assert ids("jakarta ee") == ["java"]
    assert {"content-management", "wordpress"} == set(ids("CPV 72212783"))
    assert search.find("capability", filters={"area": ["cyber-security"], "level": [AREA]}).total == 1


@pytest.mark.parametrize(
    ("file", "column", "share"),
    [("needs/uk-dos-opportunities.csv", "Opportunity", 0.7), ("providers/uk-gcloud13-services.csv", "service", 0.65)],
)
def test_most_real_titles_name_a_capability(vocabulary, data, file, column, share):
    with data(file).open(newline="", encoding="utf-8-sig") as rows:
        titles = [row[column] for row in csv.DictReader(rows)]
    with db.reading():
        named = [title for title in titles if queries.recognise(title)]
    assert len(named) > share * len(titles)
