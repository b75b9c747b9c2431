"""The short lists in which providers speak of themselves: key to label, in the order shown."""

SIZES = {
    "micro": "Micro (fewer than 10 people)",
    "small": "Small (10 to 49 people)",
    "medium": "Medium (50 to 249 people)",
    "large": "Large (250 people or more)",
}

STANDINGS = {"countersigned": "Countersigned", "stated": "Stated", "disputed": "Disputed"}

STANDING_MEANS = {
    "countersigned": "A buyer confirmed how this went, measure by measure.",
    "stated": "The provider says so. No buyer has confirmed it on Clarion.",
    "disputed": "Buyer and provider tell this differently.",
}

# the words stand after an amount: "£650 a person a day"
PRICE_UNITS = (
    "a person a day",
    "a unit a day",
    "a unit",
    "a project",
    "a month",
    "a year",
    "a user a month",
    "a user a year",
    "a licence a year",
    "an instance a month",
)


def size_of(people: int | None) -> str:
    """The band of a number of people; "" where the number is not known."""
    if people is None:
        return ""
    bounds = (("micro", 10), ("small", 50), ("medium", 250))
    return next((size for size, bound in bounds if people < bound), "large")
