"""Telling organisations that they can take part in a need that is not open to everybody."""

from collections.abc import Collection

from app.accounts.models import Organisation
from app.kernel import notices
from app.needs.models import INVITED, Need


def tell_invited(need: Need, before: Collection[Organisation] = ()) -> None:
    """Have the staff of those who are invited hear of it, but of those who were before."""
    known = {each.id for each in before}
    new = [each.id for each in need.invited_organisations if each.id not in known]
    if need.audience == INVITED and new:
        notices.post("need.invited", subject=need, facts={"organisations": new})
