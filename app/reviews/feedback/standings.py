"""The words of feedback, as data: how a requirement was met, and where a response stood against the line.

The line is what a response had to reach to be suitable. No word here names or numbers other respondents.
"""

from dataclasses import dataclass

from app.responses.models import AWARDED, Response

MET, NEARLY, NOT_MET = "met", "nearly", "not_met"
BANDS = {MET: ("Met", "green"), NEARLY: ("Nearly met", "yellow"), NOT_MET: ("Not met", "red")}

WON, OTHERS_HIGHER, JUST_BELOW, WELL_BELOW, OUT = "awarded", "others_higher", "just_below", "well_below", "set_aside"


@dataclass(frozen=True)
class Standing:
    """Where a response stood: words for its provider, and when an officer may choose them."""

    words: str
    is_derived: bool = False
    wants_winner: bool = False


STANDINGS = {
    WON: Standing("Above the line, and awarded", is_derived=True),
    OTHERS_HIGHER: Standing("Above the line, but others stood higher", wants_winner=True),
    JUST_BELOW: Standing("Just below the line"),
    WELL_BELOW: Standing("Well below the line"),
    OUT: Standing("Set aside before it was compared with others", is_derived=True),
}


def derived_standing(response: Response) -> str:
    """Where it stood, as far as the response itself says; empty where an officer has to."""
    if response.state == AWARDED:
        return WON
    return OUT if response.set_aside_reason else ""


def standings_for(response: Response, has_winner: bool) -> dict[str, str]:
    """What an officer can choose for a response, with the words; nothing where it is derived."""
    if derived_standing(response):
        return {}
    return {
        key: each.words
        for key, each in STANDINGS.items()
        if not each.is_derived and (has_winner or not each.wants_winner)
    }


def words_of_standing(response: Response, chosen: str) -> str:
    """Where it stood, in words; empty for feedback from before standings were told."""
    key = derived_standing(response) or chosen
    return STANDINGS[key].words if key else ""
