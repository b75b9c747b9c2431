"""Pages of outcomes: partnerships and how they went, and what a need looks at first."""

from app.outcomes.views import firsts, partnerships
from app.outcomes.views.blueprint import bp

__all__ = ["bp", "firsts", "partnerships"]
