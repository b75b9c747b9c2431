"""Pages of ideas, by who reads them."""

from app.responses.ideas.views import answering, proposing, reading
from app.responses.ideas.views.blueprint import bp

__all__ = ["answering", "bp", "proposing", "reading"]
