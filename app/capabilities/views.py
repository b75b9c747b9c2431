"""Pages of the vocabulary: browse and search it, one capability, a new synonym."""

import flask
from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from app.capabilities import commands, queries
from app.capabilities.forms import SynonymForm
from app.capabilities.models import Capability
from app.capabilities.policy import may_edit_vocabulary, may_read_vocabulary
from app.kernel import search, web
from app.kernel.paging import Page, page_number
from app.kernel.web import guard

MOST_CHARACTERS = 200
SIZE = 20

bp = Blueprint("capabilities", __name__, template_folder="templates")


@bp.get("/capabilities")
@guard(may_read_vocabulary)
def browse() -> ResponseReturnValue:
    """The areas, or what a search found."""
    words = "".join(c if c.isprintable() else " " for c in request.args.get("q", "")).strip()[:MOST_CHARACTERS]
    if not words:
        return render_template("capabilities/browse.html", areas=queries.capability_tree())
    found = search.find("capability", words, page=page_number(request.args), size=SIZE)
    return render_template(
        "capabilities/search.html",
        words=words,
        found=found,
        page=Page(found.hits, found.page, found.size, found.total),
        above={hit.row_id: [node.name for node in queries.tree().above(hit.row_id)] for hit in found.hits},
        codes=queries.codes_named(words),
    )


@bp.get("/capabilities/<capability_id>")
@guard(may_read_vocabulary, capability=queries.get_capability)
def show(capability: Capability) -> ResponseReturnValue:
    """One capability: what it means, what else it is called, what is broader and narrower."""
    tree = queries.tree()
    return render_template(
        "capabilities/show.html",
        capability=capability,
        above=list(reversed(tree.above(capability.id))),
        below=tree.below(capability.id),
        codes=queries.codes_of(capability),
        may_edit=may_edit_vocabulary(web.actor(), capability),
    )


@bp.route("/capabilities/<capability_id>/synonyms", methods=["GET", "POST"])
@guard(may_edit_vocabulary, capability=queries.get_capability)
def add_synonym(capability: Capability) -> ResponseReturnValue:
    """A new synonym, by the operator."""
    form = SynonymForm()
    if form.accepted():
        synonym = commands.add_synonym(capability, **form.content, by=web.actor())
        flask.flash(f"“{synonym.phrase}” now means {capability.name}.", "success")
        return web.see_other("capabilities.show", capability_id=capability.id)
    return render_template("capabilities/add_synonym.html", form=form, capability=capability), form.status
