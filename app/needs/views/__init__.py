"""Pages of needs."""

from app.needs.views import amending, owning, publishing, reading, writing
from app.needs.views.blueprint import bp

__all__ = ["amending", "bp", "owning", "publishing", "reading", "writing"]
