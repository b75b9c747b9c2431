"""Pages of responses: interest, drafting and sealing, and reading one's own."""

from app.responses.views import drafting, interest, reading, sealing
from app.responses.views.blueprint import bp

__all__ = ["bp", "drafting", "interest", "reading", "sealing"]
