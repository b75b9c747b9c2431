"""The blueprint of reviews, on which the pages hang."""

from flask import Blueprint

bp = Blueprint("reviews", __name__, template_folder="../templates")
