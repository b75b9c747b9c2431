"""Stating under which numbers others know a provider."""

from collections.abc import Iterable, Mapping

from app.accounts.models import Person
from app.kernel import audit
from app.kernel.db import session
from app.providers.models import Provider
from app.providers.registrations.models import Registration
from app.providers.registrations.queries import registrations_of


def state_registrations(provider: Provider, *, registrations: Iterable[Mapping[str, str]], by: Person | None) -> None:
    """Have exactly these numbers stand on the provider's page, each `{"scheme": …, "identifier": …}`."""
    there = {(each.scheme, each.number): each for each in registrations_of(provider)}
    wanted = dict.fromkeys((each["scheme"], each["identifier"]) for each in registrations)
    for name, row in there.items():
        if name not in wanted:
            session().delete(row)
    session().add_all(Registration(provider=provider, scheme=s, number=n) for s, n in wanted if (s, n) not in there)
    facts = {"before": [":".join(each) for each in there], "after": [":".join(each) for each in wanted]}
    audit.record("state_registrations", provider, by=by, facts=facts)
