"""How many people can do something, said in bands. Pure.

The lowest band holds one person as well as four, so that in a team of three nobody can tell from a capability whose it
is, or that somebody came or left.
"""

_BANDS = ((5, "Fewer than 5 people"), (10, "5 to 9 people"), (20, "10 to 19 people"), (50, "20 to 49 people"))
_MOST = "50 people or more"


def band_of(people: int) -> str:
    """The band of a number of people."""
    return next((text for bound, text in _BANDS if people < bound), _MOST)
