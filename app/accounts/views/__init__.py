"""Pages of accounts."""

from app.accounts.views import account, invitations, operator, organisation, registration, signing_in, suppliers
from app.accounts.views.blueprint import bp

PAGES = (signing_in, registration, account, invitations, organisation, suppliers, operator)

__all__ = ["PAGES", "bp"]
