"""Pages: find one's supplier in the register, or enter it."""

import flask
from flask import redirect, render_template, request
from flask.typing import ResponseReturnValue

from app.accounts import commands, queries
from app.accounts.forms import SupplierForm
from app.accounts.models import REGISTERS, SUPPLIER, Organisation
from app.accounts.policy import may_register_supplier
from app.accounts.views.blueprint import bp, start_page
from app.kernel.forms.reading import one_line
from app.kernel.limits import sensitive
from app.kernel.paging import page_of
from app.kernel.web import actor, guard, see_other


@bp.get("/suppliers/find")
@guard(may_register_supplier)
def find_supplier() -> ResponseReturnValue:
    """Search the register first, so that no organisation is entered twice."""
    words = one_line(request.args.get("q", ""))[:200]
    found = page_of(queries.organisations_like(words, SUPPLIER), request.args) if words else None
    return render_template("accounts/find_supplier.html", q=words, found=found, registers=REGISTERS)


@bp.route("/suppliers/new", methods=["GET", "POST"])
@sensitive
@guard(may_register_supplier)
def register_supplier() -> ResponseReturnValue:
    """Enter a supplier that is not in the register yet, and lead it."""
    name = one_line(request.args.get("name", ""))[:200]
    if request.method == "GET" and not name:
        return see_other("accounts.find_supplier")
    form = SupplierForm(data={"name": name})
    known = None
    if form.accepted():
        known = _find_known(form)
        if known is None:
            made = commands.register_supplier(**form.content, by=actor())
            flask.flash(f"{made.name} is registered, and you are its lead.", "success")
            return redirect(start_page(), 303)
    return render_template("accounts/register_supplier.html", form=form, known=known), form.status


def _find_known(form: SupplierForm) -> Organisation | None:
    """The organisation that is in the register under this number or name, with a sentence about it on the form."""
    known = queries.find_organisation(str(form.register.data), str(form.number.data))
    if known:
        form.fail("number", f"{known.name} is in the register under this number. Ask to join it")
        return known
    same = queries.organisations_named(str(form.name.data), SUPPLIER)
    if same:
        form.fail("name", f"{same[0].name} is in the register already. Ask to join it, or add what tells yours apart")
    return same[0] if same else None
