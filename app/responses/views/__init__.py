"""Pages of responses: interest, drafting and sealing, reading one's own, and verifying receipts."""

from app.responses.views import drafting, interest, promises, reading, receipts, sealing
from app.responses.views.blueprint import bp

__all__ = ["bp", "drafting", "interest", "promises", "reading", "receipts", "sealing"]
