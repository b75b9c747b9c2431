"""The factory: the only file that knows every package."""

import hashlib
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

import flask
from flask import Flask
from flask_login import LoginManager
from flask_wtf.csrf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix
from whitenoise import WhiteNoise

from app.accounts import views as accounts
from app.accounts.queries import find_signed_in_person
from app.alerts import jobs as alerts_jobs
from app.alerts import views as alerts
from app.alerts.digests import jobs as digests_jobs
from app.alerts.digests import views as digests
from app.alerts.follows import views as follows
from app.alerts.follows.queries import find_follow
from app.alerts.outbox import views as outbox
from app.alerts.queries import count_unread
from app.alerts.searches import views as searches
from app.capabilities import index as capabilities_index
from app.capabilities import views as capabilities
from app.capabilities.queries import synonyms
from app.config import Settings
from app.home import views as home
from app.insight import views as insight
from app.kernel import db, health, limits, requests, tabs, templating, web
from app.kernel.instance import Instance, open_instance
from app.kernel.tabs import Step, Tab
from app.matching import market as matching_market
from app.matching import parties as matching_parties
from app.matching import places
from app.matching import views as matching
from app.matching.policy import may_see_fitting_needs, may_see_matches
from app.needs import audience as needs_audience
from app.needs import index as needs_index
from app.needs import jobs as needs_jobs
from app.needs import market as needs_market
from app.needs import origin as needs_origin
from app.needs import views as needs
from app.needs.approvals import views as approvals
from app.needs.attachments import jobs as attachments_jobs
from app.needs.attachments import views as attachments
from app.needs.comments import views as comments
from app.needs.firsts.policy import may_answer_firsts
from app.needs.firsts.queries import standing_of_firsts
from app.needs.joint import views as joint
from app.needs.joint.policy import may_see_departments
from app.needs.policy import may_see_need
from app.needs.questions import views as questions
from app.needs.questions.policy import may_read_answers
from app.needs.starting import views as starting
from app.outcomes import jobs as outcomes_jobs
from app.outcomes import views as outcomes
from app.outcomes.policy import may_find_what_became
from app.providers import index as providers_index
from app.providers import views as providers
from app.providers.accreditations import jobs as accreditations_jobs
from app.providers.accreditations import views as accreditations
from app.providers.catalogue import views as catalogue
from app.providers.people import views as people
from app.providers.registrations import views as registrations
from app.providers.wallet import views as wallet
from app.providers.wallet.policy import may_open_wallet
from app.providers.wishes import views as wishes
from app.publication import views as publication
from app.responses import views as responses
from app.responses.coalitions import views as coalitions
from app.responses.coalitions.policy import may_see_coalition_of_several
from app.responses.fit import views as fit
from app.responses.fit.policy import may_find_fit
from app.responses.ideas import jobs as ideas_jobs
from app.responses.ideas import views as ideas
from app.responses.ideas.origin import origin_of
from app.responses.ideas.policy import may_find_ideas
from app.responses.ideas.queries import has_public_ideas
from app.responses.interest import views as interest
from app.responses.policy import may_find_interest, may_find_response, may_read_interests, may_read_response
from app.reviews import views as reviews
from app.reviews.clarifications import views as clarifications
from app.reviews.clarifications.queries import may_find_clarifications
from app.reviews.feedback import views as feedback
from app.reviews.policy import may_read_result
from app.reviews.queries import may_find_review
from app.reviews.replies import views as replies

STATIC = Path(__file__).parent / "static"
BLUEPRINTS = (
    *(health.bp, accounts.bp, capabilities.bp),
    *(needs.bp, approvals.bp, attachments.bp, comments.bp, joint.bp, questions.bp, starting.bp),
    *(people.bp, accreditations.bp, registrations.bp, wishes.bp, wallet.bp, catalogue.bp),
    *(providers.bp, matching.bp, responses.bp, fit.bp, interest.bp, ideas.bp, coalitions.bp, reviews.bp),
    *(clarifications.bp, feedback.bp, replies.bp),
    *(outcomes.bp, insight.bp, alerts.bp, publication.bp, home.bp),
    *(searches.bp, follows.bp, digests.bp, outbox.bp),
)
# they register what is searchable and which jobs there are as they are imported
REGISTERED = (
    *(capabilities_index, needs_index, providers_index),
    *(needs_jobs, attachments_jobs, accreditations_jobs, ideas_jobs, outcomes_jobs, alerts_jobs, digests_jobs),
)

TABS: dict[str, list[Tab]] = {
    "need": [
        Tab("needs.show", "The need", may_see_need),
        Tab("questions.of_need", "Questions", may_read_answers),
        Tab("matching.similar", "Similar needs", may_see_need),
        Tab("joint.departments", "Departments", may_see_departments),
        Tab("fit.show", "Worth answering?", may_find_fit),
        Tab("responses.register_interest", "Your interest", may_find_interest),
        Tab("responses.start", "Your response", may_find_response),
        Tab("responses.interests", "Interest", may_read_interests),
        Tab("ideas.of_need", "Ideas", may_find_ideas),
        Tab("matching.candidates", "Matches", may_see_matches),
        Tab("reviews.show", "Review", may_find_review),
        Tab("outcomes.of_need", "What became of it", may_find_what_became),
    ],
    "response": [
        Tab("responses.show", "Your response", may_read_response),
        Tab("coalitions.show", "Coalition", may_see_coalition_of_several),
        Tab("clarifications.of_response", "Clarifications", may_find_clarifications),
        Tab("replies.result", "Result and feedback", may_read_result),
    ],
    "provider": [
        Tab("providers.show", "The provider", lambda _person, _provider: True),
        Tab("wallet.show", "Evidence wallet", may_open_wallet),
        Tab("matching.fitting_needs", "Needs that fit", may_see_fitting_needs),
        Tab("matching.partners", "Partners", may_see_fitting_needs),
        Tab("ideas.of_provider", "Ideas", has_public_ideas),
    ],
    "before_publishing": [
        Step(
            *("outcomes.firsts", "Reuse, neighbours and in-house first", may_answer_firsts),
            standing=standing_of_firsts,
            of="need",
        ),
    ],
}
# the page of what a lower room names by kind and id alone, and what its address calls the id
PAGES = {
    "idea": ("ideas.show", "idea_id"),
    "need": ("needs.show", "need_id"),
    "outcomes of need": ("outcomes.of_need", "need_id"),
    "partnership": ("outcomes.show", "partnership_id"),
    "provider": ("providers.show", "provider_id"),
}

login_manager = LoginManager()
csrf = CSRFProtect()


def open_clarion(settings: Settings) -> Instance:
    """Open the instance; search is told the synonyms, and each room told it what is searchable."""
    places.keep(settings.newcomer_places)
    return open_instance(settings, synonyms)


def create_app(instance: Instance) -> Flask:
    """The application over an opened instance."""
    app = requests.Clarion("app", static_folder=None, template_folder="templates")
    app.config.update(_flask_settings(instance))
    templating.install(app)
    web.install(app)
    csrf.init_app(app)
    limits.limiter.init_app(app)
    _install_sign_in(app)
    _register_rooms(app)
    _install_pages(app)
    _wrap(app, instance)
    return app


def _flask_settings(instance: Instance) -> dict[str, Any]:
    is_secure = instance.settings.address.startswith("https://")
    return {
        "SECRET_KEY": instance.secret_key,
        "CLARION": instance.settings,
        "SESSION_COOKIE_NAME": "clarion",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": is_secure,
        "PERMANENT_SESSION_LIFETIME": timedelta(hours=12),
        "WTF_CSRF_TIME_LIMIT": 24 * 60 * 60,
        "MAX_CONTENT_LENGTH": requests.MOST_BYTES,
        "MAX_FORM_MEMORY_SIZE": requests.MOST_BYTES,
        "MAX_FORM_PARTS": 2000,
        "PREFERRED_URL_SCHEME": "https" if is_secure else "http",
    }


def _install_sign_in(app: Flask) -> None:
    login_manager.init_app(app)
    login_manager.user_loader(find_signed_in_person)


def _register_rooms(app: Flask) -> None:
    needs_market.install(matching_market.market_of)
    needs_origin.install(origin_of)
    needs_audience.install(matching_parties.organisations_inside)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    csrf.exempt(digests.stop)  # a mail program sends it, which has no session (RFC 8058)
    tabs.install(app, TABS)


def _install_pages(app: Flask) -> None:
    app.jinja_env.globals.update(asset=asset, tabs_of=tabs.tabs_of, steps_of=tabs.steps_of, address_of=address_of)
    app.jinja_env.globals.update(follow_of=find_follow)

    @app.context_processor
    def _layout() -> dict[str, Any]:
        person = web.actor() if db.has_session() else None
        return {"actor": person, "navigation": _navigation(person), "account_links": _account_links(person)}


def _link(text: str, endpoint: str, **values: Any) -> list[dict[str, Any]]:
    if endpoint not in flask.current_app.view_functions:
        return []
    href = flask.url_for(endpoint, **values)
    here = flask.request.path
    return [{"text": text, "href": href, "active": here == href or (href != "/" and here.startswith(f"{href}/"))}]


def _navigation(person: Any) -> list[dict[str, Any]]:
    desk = _link("Your desk", "home.desk") if person else []
    return [
        *desk,
        *_link("Needs", "needs.browse"),
        *_link("Providers", "providers.browse"),
        *_link("Capabilities", "capabilities.browse"),
        *_link("Insight", "insight.show"),
    ]


def _account_links(person: Any) -> list[dict[str, Any]]:
    if person is None:
        return [*_link("Sign in", "accounts.sign_in"), *_link("Register", "accounts.register")]
    leave = {"text": "Sign out", "href": flask.url_for("accounts.sign_out"), "post": True}
    unread = count_unread(person)
    told = _link(f"Notifications ({unread})" if unread else "Notifications", "alerts.notifications")
    return [*told, *_link(person.name, "accounts.account"), leave]


@cache
def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]


def asset(name: str) -> str:
    """The address of a static file, with its content's hash, so that it can be cached for ever."""
    return f"/static/{name}?v={_digest(STATIC / name)}"


def address_of(kind: str, row_id: str) -> str:
    """The address of a thing that a page of a lower room links to."""
    endpoint, name = PAGES[kind]
    return flask.url_for(endpoint, **{name: row_id})  # type: ignore[arg-type]


def _wrap(app: Flask, instance: Instance) -> None:
    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]
        app.wsgi_app, root=STATIC, prefix="static/", max_age=31_536_000, add_headers_function=_static_headers
    )
    if instance.settings.proxies:
        hops = instance.settings.proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]


def _static_headers(headers: Any, _path: str, _url: str) -> None:
    for name, value in web.HEADERS.items():
        headers[name] = value
