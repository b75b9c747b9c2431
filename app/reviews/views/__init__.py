"""Pages of reviews: opening and reading, judging and deciding."""

from app.reviews.views import deciding, reading
from app.reviews.views.blueprint import bp

__all__ = ["bp", "deciding", "reading"]
