"""The blueprint of responses, on which the pages hang."""

from flask import Blueprint

bp = Blueprint("responses", __name__, template_folder="../templates")
