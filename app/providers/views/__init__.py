"""Pages of providers: finding them, their own pages, solution profiles, evidence."""

from app.providers.views import evidence, finding, pages, profiles
from app.providers.views.blueprint import bp

__all__ = ["bp", "evidence", "finding", "pages", "profiles"]
