"""Pages of needs."""

from app.needs.views import amending, checking, owning, publishing, reading, writing
from app.needs.views.blueprint import bp

__all__ = ["amending", "bp", "checking", "owning", "publishing", "reading", "writing"]
