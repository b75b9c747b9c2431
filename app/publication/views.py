"""Pages and feeds of publication: needs and awards as open data."""

from flask import Blueprint, Response, jsonify, render_template, request
from flask.typing import ResponseReturnValue

from app.kernel import clock
from app.kernel.paging import page_of
from app.kernel.web import absolute, anyone, guard
from app.needs.models import Need
from app.needs.queries import get_visible_need
from app.publication import queries, releases
from app.publication.policy import may_be_published

bp = Blueprint("publication", __name__, template_folder="templates")
MOST = 100


@bp.get("/open-data")
@guard(anyone)
def show() -> ResponseReturnValue:
    """What is published, where, and under which licence."""
    return render_template("publication/show.html", most=MOST)


@bp.get("/open-data/releases.json")
@guard(anyone)
def feed() -> ResponseReturnValue:
    """All published needs as OCDS releases, the latest change first, a page at a time."""
    page = page_of(queries.published_needs(), request.args, size=MOST)
    more = absolute("publication.feed", page=page.number + 1) if page.number < page.pages else None
    return _package(list(page), absolute("publication.feed", page=page.number), more)


@bp.get("/open-data/needs/<need_id>")
@guard(may_be_published, need=get_visible_need)
def release_of_need(need: Need) -> ResponseReturnValue:
    """One need as an OCDS release."""
    return _package([need], absolute("publication.release_of_need", need_id=need.id), None)


def _package(needs: list[Need], uri: str, more: str | None) -> Response:
    partnerships = queries.partnerships_by_need(needs)
    told = [releases.release(need, partnerships.get(need.id, [])) for need in needs]
    return jsonify(releases.package(told, uri, clock.now(), more))
