"""Catalogues of services: bad rows told, good ones in, nothing twice."""

import gzip
from pathlib import Path

import pytest
from sqlalchemy import func, select

from app.accounts.models import Organisation
from app.capabilities.commands import load_vocabulary
from app.kernel import search
from app.kernel.db import reading, session, transaction
from app.kernel.importing import WrongFile
from app.providers.cli import import_services
from app.providers.commands import retire_profile
from app.providers.models import LIVE, RETIRED, Provider, SolutionProfile
from app.providers.prices import UNKNOWN, Price, read_price
from app.providers.suppliers import name_key
from tests import make

CATALOGUE = Path("../shared/data/providers/uk-gcloud13-services.csv")
ADDRESS = "https://example.com/g-cloud/services/"


@pytest.mark.parametrize(
    ("text", "price"),
    [
        ("495 to 1,595 a unit a day", Price(49_500, 159_500, "a unit a day")),
        ("15,000 an instance", Price(1_500_000, None, "an instance")),
        ("£0.12 a virtual machine an hour", Price(12, None, "a virtual machine an hour")),
        ("1234567.5", Price(123_456_750, None, "")),
        ("0 to 0 a unit", Price(0, 0, "a unit")),
        ("900 to 100 a unit", UNKNOWN),
        ("ask us", UNKNOWN),
        ("", UNKNOWN),
        ("1,2,3 a unit", UNKNOWN),
        ("-5 a unit", UNKNOWN),
        ("99999999999999999 a unit", UNKNOWN),
    ],
)
def test_prices_are_read(text: str, price: Price) -> None:
    assert read_price(text) == price


@pytest.mark.parametrize(
    ("one", "other"),
    [("Acme Limited", "ACME LTD."), ("Salt & Marsh", "Salt and Marsh"), ("Acme (UK) Ltd", "acme ltd")],
)
def test_writings_of_one_name_are_equal(one: str, other: str) -> None:
    assert name_key(one) == name_key(other)
    assert name_key(one) != name_key("Acme Hosting Ltd")


def write(tmp_path: Path, *lines: str, name: str = "services.csv") -> Path:
    path = tmp_path / name
    path.write_text("\n".join(["supplier,service,price,url", *lines]) + "\n", encoding="utf-8")
    return path


def profiles() -> list[SolutionProfile]:
    with reading():
        return list(session().scalars(select(SolutionProfile).order_by(SolutionProfile.source)))


def test_good_rows_come_in_and_bad_ones_are_told(app: object, tmp_path: Path) -> None:
    load_vocabulary()
    path = write(
        tmp_path,
        f'Saltmarsh,Kubernetes hosting,"495 to 1,595 a unit a day",{ADDRESS}1',
        f"Saltmarsh,Gardening,ask us,{ADDRESS}2",
        f",No supplier,1,{ADDRESS}3",
        f"Saltmarsh,,1,{ADDRESS}4",
        "Saltmarsh,Script,1,javascript:alert(1)/5",
        "Saltmarsh,Broken,1,https://[6",
        f"Saltmarsh,{'x' * 201},1,{ADDRESS}7",
        f"Other,Kubernetes again,1,{ADDRESS}1",
        "too,few",
    )
    result = import_services(path, reports=tmp_path / "reports")
    assert (result.added, result.changed, result.unchanged, result.bad) == (2, 0, 0, 7)
    assert result.report_path is not None
    assert len(result.report_path.read_text().splitlines()) == 8
    first, second = profiles()
    assert (first.state, first.low_pence, first.high_pence, first.price_unit) == (LIVE, 49_500, 159_500, "a unit a day")
    assert second.low_pence is None
    search.catch_up()
    assert [hit.row_id for hit in search.find("profile", "k8s hosting").hits] == [first.id]
    with reading():
        (organisation,) = session().scalars(select(Organisation))
        assert (organisation.register, organisation.number) == ("GB-GCLOUD", "saltmarsh")


def test_a_second_import_doubles_nothing_and_keeps_what_people_did(app: object, tmp_path: Path) -> None:
    path = write(tmp_path, f"Saltmarsh,Hosting,1 a unit,{ADDRESS}1", f"Saltmarsh,Care,1 a unit,{ADDRESS}2")
    import_services(path)
    again = import_services(path)
    assert (again.added, again.changed, again.unchanged, again.bad) == (0, 0, 2, 0)
    with transaction():
        first, second = session().scalars(select(SolutionProfile).order_by(SolutionProfile.source))
        retire_profile(second, by=make.person())
        first.standards = ["iso27001"]
    dearer = write(tmp_path, f"SALTMARSH,Hosting,2 a unit,{ADDRESS}1", f"Saltmarsh,Care,1 a unit,{ADDRESS}2")
    result = import_services(dearer)
    assert (result.added, result.changed, result.unchanged) == (0, 1, 1)
    first, second = profiles()
    assert (first.low_pence, first.standards, second.state) == (200, ["iso27001"], RETIRED)


def test_a_supplier_of_the_register_is_matched_by_name(app: object, tmp_path: Path) -> None:
    with transaction():
        known = make.supplier("Saltmarsh Limited")
        make.organisation("supplier", "Marram", "own", "1")
    import_services(
        write(tmp_path, f"Saltmarsh Ltd,Hosting,1,{ADDRESS}1", f"Marram,Hosting,1,{ADDRESS}2"), reports=tmp_path
    )
    with reading():
        providers = {p.organisation_id for p in session().scalars(select(Provider))}
        assert known.id in providers
        # who entered themselves without a number may not take over what a catalogue says of another
        assert (
            session().scalar(select(func.count()).select_from(Organisation).where(Organisation.name == "Marram")) == 2
        )


def test_a_file_of_something_else_is_refused(app: object, tmp_path: Path) -> None:
    path = tmp_path / "other.csv"
    path.write_text("a,b\n1,2\n")
    with pytest.raises(WrongFile, match="columns"):
        import_services(path)


@pytest.mark.skipif(not CATALOGUE.exists(), reason="the real catalogue is not here")
def test_the_real_catalogue_comes_in(app: object, tmp_path: Path) -> None:
    load_vocabulary()
    packed = tmp_path / "services.csv.gz"
    packed.write_bytes(gzip.compress(CATALOGUE.read_bytes()))
    result = import_services(packed, reports=tmp_path / "reports")
    assert (result.added, result.bad) == (2242, 0)
    with reading():
        priced = select(func.count()).select_from(SolutionProfile).where(SolutionProfile.low_pence.is_not(None))
        tagged = select(func.count()).select_from(SolutionProfile).where(SolutionProfile.capabilities.any())
        assert session().scalar(priced) == 2242
        assert (session().scalar(tagged) or 0) > 1200
    again = import_services(CATALOGUE, reports=tmp_path / "reports")
    assert (again.added, again.changed, again.unchanged) == (0, 0, 2242)
