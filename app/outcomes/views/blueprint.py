"""The blueprint of outcomes, on which the pages hang."""

from flask import Blueprint

bp = Blueprint("outcomes", __name__, template_folder="../templates")
