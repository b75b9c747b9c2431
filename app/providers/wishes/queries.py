"""Reading what a provider is looking for."""

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.kernel.db import session
from app.providers.models import Provider
from app.providers.wishes.models import ProviderWish


def find_wish_of(provider: Provider) -> ProviderWish | None:
    """What the provider looks for, where it has said so, whole."""
    whole = (selectinload(ProviderWish.partner_capabilities), selectinload(ProviderWish.need_capabilities))
    return session().scalar(select(ProviderWish).where(ProviderWish.provider_id == provider.id).options(*whole))
