"""Reading a wallet: all claims of a provider's past work, and what uses them."""

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.kernel.db import session
from app.providers.models import Evidence, Provider


def wallet_of(provider: Provider) -> list[Evidence]:
    """Every claim of the provider, the newest work first, with its capabilities and the profiles that use it."""
    wanted = select(Evidence).where(Evidence.provider_id == provider.id)
    whole = (selectinload(Evidence.capabilities), selectinload(Evidence.profiles))
    order = (Evidence.finished_on.desc(), Evidence.title, Evidence.id)
    return list(session().scalars(wanted.order_by(*order).options(*whole)))
