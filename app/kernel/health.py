"""Health: whether the process lives, and whether it is ready to serve."""

from typing import Any

from flask import Blueprint, Response, jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from app.kernel import jobs, mail, migrate, sealing_mark, search
from app.kernel.db import session
from app.kernel.web import anyone, guard

bp = Blueprint("health", __name__)
MOST_LAG = 500


@bp.get("/healthz")
@guard(anyone)
def alive() -> ResponseReturnValue:
    """The process answers."""
    return jsonify(alive=True)


@bp.get("/readyz")
@guard(anyone)
def ready() -> ResponseReturnValue:
    """Database, migration and index, each with what was found; 503 until all are as they should be."""
    checks = {"database": _database, "migration": _migration, "sealing": _sealing}
    checks |= {"index": _index, "jobs": _jobs, "mail": _mail}
    found = {name: _answer(check) for name, check in checks.items()}
    is_ready = all(answer["ready"] for answer in found.values())
    response: Response = jsonify(ready=is_ready, **found)
    response.status_code = 200 if is_ready else 503
    return response


def _answer(check: Any) -> dict[str, Any]:
    try:
        return check()  # type: ignore[no-any-return]
    except (SQLAlchemyError, OSError) as error:
        return {"ready": False, "error": type(error).__name__}


def _database() -> dict[str, Any]:
    session().execute(text("SELECT 1"))
    return {"ready": True}


def _migration() -> dict[str, Any]:
    current, wanted = migrate.current(), migrate.wanted()
    return {"ready": current == wanted, "current": current, "wanted": wanted}


def _index() -> dict[str, Any]:
    lag = search.lag()
    return {"ready": lag.ready and lag.changes <= MOST_LAG, "behind": lag.changes, "seconds": round(lag.seconds, 1)}


def _jobs() -> dict[str, Any]:
    """Work that waits, or was given up, keeps nobody from being served."""
    return {"ready": True, "waiting": jobs.count_waiting(), "given_up": jobs.count_failed()}


def _sealing() -> dict[str, Any]:
    """Whether the sealing key is the one that this database was sealed with."""
    return {"ready": sealing_mark.is_right_key() is not False}


def _mail() -> dict[str, Any]:
    """Mails that somebody has to look at: whether they were taken is not known, or they were refused for good."""
    unsure, refused, _since = mail.count_stuck()
    return {"ready": True, "unsure": unsure, "refused": refused}
