"""Digital public goods: what a file says comes in once, and what the provider said since stays."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from app.accounts.models import Organisation
from app.capabilities.commands import load_vocabulary
from app.kernel import search
from app.kernel.audit import AuditEntry
from app.kernel.db import reading, session, transaction
from app.kernel.importing import WrongFile
from app.providers.cli import import_services, import_solutions
from app.providers.commands import change_profile
from app.providers.goods import is_open_source
from app.providers.models import LIVE, Provider, SolutionProfile
from tests import make

REAL = Path("../shared/data/providers/dpg-solutions.jsonl.gz")
GOOD: dict[str, Any] = {
    "id": "dpg-tidewatch",
    "status": "nominees",
    "name": "Tidewatch",
    "aliases": ["Open Tides"],
    "description": "Tidewatch shows the height of the tide. It runs on Kubernetes.",
    "website": "",
    "type": ["software", "data"],
    "licences": ["MIT", "CC-BY-4.0"],
    "sectors": ["Climate", "Fishing"],
    "sdgs": [14, 13],
    "organisations": [{"name": "Big Fund", "role": "funder"}, {"name": "Tide People", "role": "owner"}],
    "repositories": ["", "https://example.org/tidewatch"],
    "deployment_countries": None,
}


def write(tmp_path: Path, *goods: dict[str, Any], name: str = "goods.jsonl") -> Path:
    path = tmp_path / name
    text = "".join(f"{json.dumps({**GOOD, **good})}\n" for good in goods)
    path.write_bytes(gzip.compress(text.encode()) if name.endswith(".gz") else text.encode())
    return path


def profile() -> SolutionProfile:
    with reading():
        only = session().scalars(select(SolutionProfile)).one()
        assert only.provider.name
        assert isinstance(only.capabilities, list)
        return only


def entries() -> int:
    with reading():
        imports = AuditEntry.subject.startswith("solutions_files:")
        return session().scalar(select(func.count()).where(imports)) or 0


def test_a_good_becomes_a_live_profile_of_its_owner_and_says_only_what_the_file_says(
    app: object, tmp_path: Path
) -> None:
    load_vocabulary()
    result = import_solutions(write(tmp_path, {}, name="goods.jsonl.gz"))
    assert (result.added, result.bad) == (1, 0)
    made = profile()
    assert (made.state, made.title, made.provider.name) == (LIVE, "Tidewatch", "Tide People")
    assert (made.provider.organisation.register, made.provider.organisation.number) == ("DPG", "tide-people")
    assert made.problem == "Serves the Sustainable Development Goals: Life below water; Climate action."
    assert made.approach == (
        "Tidewatch shows the height of the tide. It runs on Kubernetes.\n\n"
        "It is software and data.\n\nAlso known as Open Tides."
    )
    assert (made.users, made.licence) == ("Climate, Fishing", "MIT, CC-BY-4.0")
    assert (made.standards, made.source_url) == (["open_source"], "https://example.org/tidewatch")
    assert (made.low_pence, made.high_pence, made.price_unit) == (None, None, "")
    assert (made.clearance, made.places, made.remote, made.technologies) == ("", [], None, [])
    assert "Containers and orchestration" in {capability.name for capability in made.capabilities}
    search.catch_up()
    assert [hit.title for hit in search.find("profile", "open tides").hits] == ["Tidewatch"]
    assert entries() == 1


def test_a_second_run_changes_nothing_and_writes_nothing(app: object, tmp_path: Path) -> None:
    path = write(tmp_path, {})
    import_solutions(path)
    before = profile().version
    assert import_solutions(path).unchanged == 1
    assert (profile().version, entries()) == (before, 1)


def test_a_changed_row_changes_only_what_the_file_says(app: object, tmp_path: Path) -> None:
    import_solutions(write(tmp_path, {}))
    with transaction():
        session().scalars(select(SolutionProfile)).one().low_pence = 5
    assert import_solutions(write(tmp_path, {"licences": ["GPL-3.0"], "website": "https://example.org"})).changed == 1
    made = profile()
    assert (made.licence, made.source_url, made.low_pence) == ("GPL-3.0", "https://example.org", 5)
    assert (made.title, made.provider.name) == ("Tidewatch", "Tide People")


def test_what_the_provider_wrote_since_stays_and_the_rest_follows_the_file(app: object, tmp_path: Path) -> None:
    load_vocabulary()
    import_solutions(write(tmp_path, {}))
    with transaction():
        mine = session().scalars(select(SolutionProfile)).one()
        staff = make.lead(mine.provider.organisation)
        whole = {"low_pence": 0, "price_unit": "a unit", "clearance": "none", "remote": True}
        change_profile(mine, approach="In our words.", capabilities=["user-research"], **whole, by=staff)
    told = {"description": "Other words, of accessibility.", "name": "Tidewatch 2"}
    assert import_solutions(write(tmp_path, told)).changed == 1
    made = profile()
    assert (made.title, made.approach) == ("Tidewatch 2", "In our words.")
    assert [capability.id for capability in made.capabilities] == ["user-research"]
    assert import_solutions(write(tmp_path, {**told, "description": "Words again."})).unchanged == 1
    assert profile().approach == "In our words."


@pytest.mark.parametrize(
    ("told", "reason"),
    [
        ({"name": ""}, "name is missing."),
        ({"name": "x" * 201}, "name has 201 characters; the most is 200."),
        ({"description": None}, "description is missing."),
        ({"id": ""}, "id is missing."),
        ({"licences": [{"a": 1}]}, "licences must be text."),
        ({"organisations": [{"name": "Fund", "role": "funder"}]}, "organisations names nobody who owns, maintains"),
        ({"organisations": "Someone"}, "organisations names nobody who owns, maintains"),
        ({"organisations": [{"name": " ", "role": "owner"}]}, "The organisation's name is missing."),
        ({"description": "a\0b"}, "It has a NUL character."),
    ],
)
def test_a_bad_row_is_told_and_the_others_come_in(
    app: object, tmp_path: Path, told: dict[str, Any], reason: str
) -> None:
    result = import_solutions(write(tmp_path, {"id": "good"}, told), reports=tmp_path / "reports")
    assert (result.added, result.bad) == (1, 1)
    assert result.report_path is not None
    report = result.report_path.read_text(encoding="utf-8").splitlines()[1]
    assert report.startswith(("2," + reason, '2,"' + reason))


@pytest.mark.parametrize("sdgs", [None, "14", [99, 14], [True], ["14"], {}])
def test_odd_values_leave_their_field_empty_or_short(app: object, tmp_path: Path, sdgs: Any) -> None:
    address = {"website": "javascript:alert(1)", "repositories": ["https://" + "x" * 300, 7]}
    assert import_solutions(write(tmp_path, {"sdgs": sdgs, "sectors": None, "type": [], **address})).added == 1
    made = profile()
    assert (made.users, made.standards, made.source_url) == ("", [], "")
    assert ("Life below water" in made.problem) == (sdgs == [99, 14])


def test_an_owner_is_entered_once_and_its_name_in_other_writings_is_the_same(app: object, tmp_path: Path) -> None:
    others = [[{"name": name, "role": "owner"}] for name in ("TIDE PEOPLE", "Tide People (UK)")]
    goods = [{"id": f"g{number}", "organisations": each} for number, each in enumerate(others)]
    assert import_solutions(write(tmp_path, {}, *goods)).added == 3
    with reading():
        assert session().scalar(select(func.count()).select_from(Provider)) == 1
        assert session().scalar(select(func.count()).select_from(Organisation)) == 1


def test_a_file_of_something_else_is_refused(app: object, tmp_path: Path) -> None:
    path = tmp_path / "other.jsonl"
    path.write_text('{"a": 1}\n', encoding="utf-8")
    with pytest.raises(WrongFile, match="digital public goods"):
        import_solutions(path)


@pytest.mark.parametrize(
    ("licence", "is_open"),
    [("MIT", True), ("gpl-3.0", True), ("EUPL-1.2", True), ("CC-BY-NC-4.0", False), ("CC0-1.0", False), ("", False)],
)
def test_licences_of_open_source_are_known(licence: str, is_open: bool) -> None:
    assert is_open_source(licence) == is_open


def test_a_page_shows_the_licence_and_where_it_comes_from(browser: Any, tmp_path: Path) -> None:
    import_solutions(write(tmp_path, {}))
    page = browser().get(f"/profiles/{profile().id}", 200)
    assert page.links()["its website or code"] == "https://example.org/tidewatch"
    assert "Licence MIT, CC-BY-4.0" in page.text


def test_a_preview_says_what_the_import_then_does_and_keeps_nothing(app: object, tmp_path: Path) -> None:
    import_solutions(write(tmp_path, {}, {"id": "b"}))
    kept = profiles_and_entries()
    path = write(tmp_path, {"name": "Changed"}, {"id": "b"}, {"id": "c"}, {"id": "d", "name": ""}, {"id": "c"})
    seen = import_solutions(path, reports=tmp_path / "reports", preview=True)
    assert str(seen) == "1 would be added, 1 changed, 2 stay as they are, 1 refused"
    assert profiles_and_entries() == kept
    assert not (tmp_path / "reports").exists()
    assert seen.look is not None
    assert list(seen.look.lines()) == [
        "First added:",
        f"    line 3: {beginning('c', 'Tidewatch')}",
        "First changed:",
        f"    line 1: {beginning('dpg-tidewatch', 'Changed')}",
        "First unchanged:",
        f"    line 2: {beginning('b', 'Tidewatch')}",
        f"    line 5: {beginning('c', 'Tidewatch')}",
        "First refused:",
        f"    line 4: name is missing. {json.dumps({**GOOD, 'id': 'd', 'name': ''})[:120]}",
        "This was a preview: nothing was written.",
    ]
    done = import_solutions(path)
    assert (done.added, done.changed, done.unchanged, done.bad) == (
        *(seen.added, seen.changed),
        *(seen.unchanged, seen.bad),
    )


def beginning(id_: str, name: str) -> str:
    return f"{id_}, nominees, {name}"


def profiles_and_entries() -> tuple[int, int, int]:
    with reading():
        tables: tuple[Any, ...] = (SolutionProfile, AuditEntry, Organisation)
        one, two, three = (session().scalar(select(func.count()).select_from(table)) or 0 for table in tables)
        return one, two, three


def test_services_can_be_previewed_too(app: object, tmp_path: Path) -> None:
    path = tmp_path / "services.csv"
    path.write_text("supplier,service,price,url\nSaltmarsh,Hosting,1,https://example.com/1\n", encoding="utf-8")
    assert import_services(path, preview=True).added == 1
    assert profiles_and_entries() == (0, 0, 0)


@pytest.mark.skipif(not REAL.exists(), reason="the real digital public goods are not here")
def test_the_real_goods_come_in_once(app: object, tmp_path: Path) -> None:
    load_vocabulary()
    result = import_solutions(REAL, reports=tmp_path)
    assert (result.added, result.bad) == (671, 34)
    again = import_solutions(REAL, reports=tmp_path)
    assert (again.added, again.changed, again.unchanged, again.bad) == (0, 0, 671, 34)
