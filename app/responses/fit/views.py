"""The page on which a provider sees whether a need is worth answering."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from app.accounts.models import Person
from app.kernel import search
from app.kernel.errors import NotFound
from app.kernel.web import actor, guard
from app.matching.parties import organisations_inside
from app.needs.models import LIVE, Need
from app.needs.queries import get_visible_need
from app.providers.models import Provider
from app.responses.fit import policy, rules
from app.responses.fit.queries import find_fit
from app.responses.queries import speakers_for

bp = Blueprint("fit", __name__, template_folder="templates")

STANDINGS = {"countersigned": ("Countersigned", "green"), "stated": ("Stated", "blue"), "missing": ("Missing", "grey")}
WAYS = (
    (rules.AGAINST, "Speaks against it"),
    (rules.CAREFUL, "Look at this first"),
    (rules.FOR, "Speaks for it"),
    (rules.NEITHER, "Counts neither way"),
)


@bp.get("/needs/<need_id>/fit")
@guard(policy.may_weigh, need=get_visible_need)
def show(need: Need) -> ResponseReturnValue:
    speakers = speakers_for(actor(), need)
    if not speakers:
        return render_template("responses/no_provider.html", need=need)
    provider = _chosen(request.args.get("provider", ""), need, speakers)
    return render_template("fit/show.html", need=need, provider=provider, speakers=speakers, **_page(need, provider))


def _page(need: Need, provider: Provider) -> dict[str, object]:
    person: Person = actor()
    return {
        "fit": find_fit(need, provider, person),
        "is_over": need.state != LIVE or need.is_past_deadline,
        "ways": WAYS,
        "standing_words": STANDINGS,
        "mark": search.mark,
    }


def _chosen(wanted: str, need: Need, speakers: list[Provider]) -> Provider:
    """The provider that is named, or the first that may take part."""
    if not wanted:
        inside = organisations_inside(need, [each.organisation_id for each in speakers])
        return next((each for each in speakers if each.organisation_id in inside), speakers[0])
    chosen = next((each for each in speakers if each.id == wanted), None)
    if chosen is None:
        raise NotFound
    return chosen
