"""Pages of the operator: the register, mail domains, and requests to join."""

import flask
from flask import render_template, request
from flask.typing import ResponseReturnValue

from app.accounts import commands, queries
from app.accounts.forms import MailDomainForm
from app.accounts.models import KINDS, REGISTERS, MailDomain, Organisation
from app.accounts.policy import may_add_mail_domain, may_answer_claim, may_remove_mail_domain
from app.accounts.views.blueprint import bp
from app.kernel.forms.reading import one_line
from app.kernel.paging import page_of
from app.kernel.web import actor, guard, operator_only, see_other


@bp.get("/operator/organisations")
@guard(operator_only)
def organisations() -> ResponseReturnValue:
    """Every organisation, searched by name or number."""
    words, kind = one_line(request.args.get("q", ""))[:200], request.args.get("kind", "")
    kind = kind if kind in KINDS else ""
    found = page_of(queries.organisations_like(words, kind), request.args)
    return render_template(
        "accounts/organisations.html", found=found, q=words, kind=kind, kinds=KINDS, registers=REGISTERS
    )


@bp.get("/operator/mail-domains")
@guard(operator_only)
def mail_domains() -> ResponseReturnValue:
    """Under which domains department staff can register."""
    return render_template("accounts/mail_domains.html", domains=queries.mail_domains())


@bp.route("/organisations/<organisation_id>/mail-domains/new", methods=["GET", "POST"])
@guard(may_add_mail_domain, organisation=queries.get_organisation)
def add_mail_domain(organisation: Organisation) -> ResponseReturnValue:
    """Let the holders of a domain's addresses register as staff of a department."""
    form = MailDomainForm()
    if form.accepted():
        known = queries.find_mail_domain(str(form.domain.data))
        if known is None:
            commands.add_mail_domain(organisation, **form.content, by=actor())
            flask.flash(f"{form.domain.data} was added to {organisation.name}.", "success")
            return see_other("accounts.mail_domains")
        form.fail("domain", f"{known.domain} is a mail domain of {known.organisation.name} already")
    page = render_template("accounts/add_mail_domain.html", form=form, organisation=organisation)
    return page, form.status


@bp.post("/operator/mail-domains/<mail_domain_id>/remove")
@guard(may_remove_mail_domain, mail_domain=queries.get_mail_domain)
def remove_mail_domain(mail_domain: MailDomain) -> ResponseReturnValue:
    """Let nobody more register under a domain."""
    commands.remove_mail_domain(mail_domain, by=actor())
    flask.flash(f"{mail_domain.domain} was removed. Who registered under it stays.", "success")
    return see_other("accounts.mail_domains")


@bp.get("/operator/claims")
@guard(operator_only)
def claims() -> ResponseReturnValue:
    """Every request to join that waits for an answer."""
    return render_template(
        "accounts/claims.html", claims=queries.waiting_claims(), person=actor(), may_answer_claim=may_answer_claim
    )
