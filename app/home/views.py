"""Pages of home: the front page, each person's desk, the audit, and the words about Clarion itself."""

from datetime import timedelta

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from app.accounts.models import ROLES
from app.accounts.queries import people_named
from app.home import policy, queries
from app.home.trail import visible_entries
from app.kernel import clock, search
from app.kernel.paging import page_of
from app.kernel.web import actor, anyone, guard, signed_in
from app.needs.ladder import LADDER
from app.outcomes.models import RESULTS
from app.outcomes.queries import latest_outcomes

bp = Blueprint("home", __name__, template_folder="templates")


@bp.get("/")
@guard(anyone)
def front() -> ResponseReturnValue:
    """What Clarion is, with live figures."""
    return render_template(
        "home/front.html",
        figures=queries.figures(),
        newest=queries.newest_needs(),
        closing=queries.closing_needs(),
        outcomes=latest_outcomes(3),
        LADDER=LADDER,
        RESULTS=RESULTS,
    )


@bp.get("/desk")
@guard(signed_in)
def desk() -> ResponseReturnValue:
    """What awaits the person, soonest first, and where their role works."""
    person, now = actor(), clock.now()
    index = search.status() if person.is_operator else None
    return render_template(
        "home/desk.html",
        sections=queries.desk(person, now),
        now=now,
        links=policy.desk_links(person),
        steps=policy.next_steps(person),
        index=index,
        behind_since=now - timedelta(seconds=index.lag.seconds) if index else None,
        ROLES=ROLES,
    )


@bp.get("/audit")
@guard(policy.may_read_audit)
def audit() -> ResponseReturnValue:
    """Who did what, newest first."""
    stream = request.args.get("stream", "").replace("\0", "")[:80]
    page = page_of(visible_entries(actor(), stream), request.args, size=50)
    names = people_named(entry.person_id for entry in page)
    return render_template("home/audit.html", page=page, names=names, stream=stream)


@bp.get("/about")
@guard(anyone)
def about() -> ResponseReturnValue:
    """What Clarion is for, and how it works."""
    return render_template("home/about.html")


@bp.get("/accessibility")
@guard(anyone)
def accessibility() -> ResponseReturnValue:
    """How accessible these pages are, and how that was checked."""
    return render_template("home/accessibility.html")


@bp.get("/privacy")
@guard(anyone)
def privacy() -> ResponseReturnValue:
    """What is kept about people."""
    return render_template("home/privacy.html")
