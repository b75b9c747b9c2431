"""Settings: each documented, and a bad value stopped with a sentence that names it."""

from pathlib import Path

import pytest

from app.config import SETTINGS, BadSetting, read_settings

BAD = [
    ("CLARION_PORT", "eighty"),
    ("CLARION_PORT", "0"),
    ("CLARION_PORT", "65536"),
    ("CLARION_PORT", "٨٠"),
    ("CLARION_WORKERS", "-1"),
    ("CLARION_THREADS", "1.5"),
    ("CLARION_BACKGROUND", "maybe"),
    ("DATABASE_URL", "mysql://root@localhost/x"),
    ("DATABASE_URL", "nonsense"),
    ("CLARION_PUBLIC_URL", "clarion.example"),
    ("CLARION_PUBLIC_URL", "https://[bad"),
    ("CLARION_SMTP_URL", "http://mail"),
    ("CLARION_SMTP_URL", "smtp://mail:99999"),
    ("CLARION_SECRET_KEY", "short"),
    ("CLARION_SEALING_KEY", "short"),
    ("CLARION_DEMO_PASSWORD", "short"),
    ("CLARION_MAIL_FROM", "nobody"),
    ("CLARION_MAIL_FROM", "a@b\r\nBcc: c@d"),
    ("CLARION_LOG_LEVEL", "loud"),
    ("CLARION_PROXIES", "6"),
    ("CLARION_SCAN", "clamdscan 'a"),
    ("CLARION_SCAN", "/nowhere/scan --quick"),
    ("CLARION_PROT", "8000"),
]


@pytest.mark.parametrize(("name", "value"), BAD)
def test_a_bad_value_is_refused_by_name(name: str, value: str) -> None:
    with pytest.raises(BadSetting, match=name):
        read_settings({name: value})


def test_an_instance_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(BadSetting, match="CLARION_INSTANCE"):
        read_settings({"CLARION_INSTANCE": str(tmp_path / "file")})


def test_the_defaults_serve_on_loopback_over_sqlite(tmp_path: Path) -> None:
    settings = read_settings({"CLARION_INSTANCE": str(tmp_path)})
    assert settings.address == "http://127.0.0.1:8000"
    assert settings.database == f"sqlite:///{tmp_path / 'clarion.sqlite3'}"


def test_postgresql_addresses_name_their_driver() -> None:
    settings = read_settings({"DATABASE_URL": "postgresql://u:p%40ss@db/clarion"})
    assert settings.database == "postgresql+psycopg://u:p%40ss@db/clarion"


def test_every_setting_stands_in_the_documentation() -> None:
    page = (Path(__file__).parents[1] / "docs" / "settings.md").read_text()
    for setting in SETTINGS.values():
        assert f"`{setting.name}`" in page
        assert setting.meaning in page


def test_a_scan_is_a_command_in_words_and_none_unless_it_is_set() -> None:
    assert read_settings({}).scan == ()
    assert read_settings({"CLARION_SCAN": "sh -c 'exit 0'"}).scan == ("sh", "-c", "exit 0")
