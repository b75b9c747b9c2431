"""The result, as the respondent reads it."""

from flask import render_template
from flask.typing import ResponseReturnValue

from app.kernel.web import guard
from app.responses.models import Response
from app.reviews import policy, queries
from app.reviews.views.blueprint import bp
from app.reviews.views.doors import own


@bp.route("/responses/<response_id>/result")
@guard(policy.may_read_result, response=own)
def result(response: Response) -> ResponseReturnValue:
    review = queries.get_review(response.need)
    return render_template(
        "reviews/result.html",
        need=response.need,
        response=response,
        review=review,
        feedback=queries.find_feedback(response),
        award=queries.find_award(response),
        awards=queries.awards_of(review) if queries.is_told_to_all(review) else [],
    )
