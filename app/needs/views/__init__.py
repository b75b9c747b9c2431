"""Pages of needs."""

from app.needs.views import checking, owning, publishing, reading, writing
from app.needs.views.blueprint import bp

__all__ = ["bp", "checking", "owning", "publishing", "reading", "writing"]
