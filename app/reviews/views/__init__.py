"""Pages of reviews: opening and reading, judging and deciding, and the result as its respondent reads it."""

from app.reviews.views import deciding, reading, respondent
from app.reviews.views.blueprint import bp

__all__ = ["bp", "deciding", "reading", "respondent"]
