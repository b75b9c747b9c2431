"""Pages of needs."""

from app.needs.views import owning, publishing, reading, writing
from app.needs.views.blueprint import bp

__all__ = ["bp", "owning", "publishing", "reading", "writing"]
