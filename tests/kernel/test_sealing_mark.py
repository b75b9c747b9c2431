"""The mark of the sealing key: made once, and another key is refused before anything is sealed with it."""

from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import func, select

from app.cli import main
from app.config import BadSetting
from app.kernel import db, sealing, sealing_mark
from app.kernel.db import reading, session
from app.kernel.sealing_mark import SealingMark

OTHER = "another secret of at least thirty-two characters"


def test_the_mark_is_made_once(store: db.Database) -> None:
    sealing_mark.keep()
    sealing_mark.keep()
    with reading():
        assert session().scalar(select(func.count()).select_from(SealingMark)) == 1
        assert sealing_mark.is_right_key() is True


def test_another_key_is_refused(store: db.Database) -> None:
    sealing_mark.keep()
    sealing.use(OTHER)
    with pytest.raises(BadSetting, match="sealed with another key"):
        sealing_mark.keep()


def test_readyz_tells_that_the_key_is_another_one(app: Flask) -> None:
    ask = app.test_client().get
    assert ask("/readyz").get_json()["sealing"] == {"ready": True}
    sealing_mark.keep()
    assert ask("/readyz").get_json()["sealing"] == {"ready": True}
    sealing.use(OTHER)
    answer = ask("/readyz")
    assert (answer.status_code, answer.get_json()["sealing"]) == (503, {"ready": False})


@pytest.mark.parametrize("command", [["worker"], ["serve", "--port", "8143"]])
def test_the_server_and_the_worker_do_not_start_with_another_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: list[str], store: db.Database, database_url: str
) -> None:
    sealing_mark.keep()
    monkeypatch.setenv("CLARION_INSTANCE", str(tmp_path / "instance"))
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setattr("app.kernel.migrate.upgrade", lambda: None)  # the tables stand there, made from the models
    told = CliRunner().invoke(main, command)
    db.database().engine.dispose()  # the command's own: it ended before it could serve
    assert (told.exit_code, "CLARION_SEALING_KEY: this database was sealed with another key." in told.output) == (
        1,
        True,
    )
