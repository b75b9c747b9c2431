"""The short lists in which a need is described: key to label, in the order shown."""

ROUTES = {
    "further_competition": "Further competition under a framework",
    "direct_award": "Direct award under a framework",
    "dynamic_market": "Dynamic market or dynamic purchasing system",
    "open_procedure": "Open procedure",
    "competitive_flexible": "Competitive flexible procedure",
    "below_threshold": "Quotes below the threshold",
    "in_house": "In-house team or shared service",
    "grant": "Grant or challenge fund",
    "undecided": "Not decided yet",
}

PAYMENTS = {
    "fixed_price": "Fixed price",
    "milestones": "By milestone",
    "capped_time": "Time and materials, with a cap",
    "time": "Time and materials",
    "subscription": "Subscription or licence",
    "outcome": "By result",
}

CONFIDENCE = {"low": "Low", "medium": "Medium", "high": "High"}

AUDIENCES = {
    "all": "Everybody",
    "capabilities": "Providers with some capabilities",
    "invited": "Invited organisations only",
}

AUDIENCE_REASONS = {
    "urgency": "Extreme urgency that nobody could foresee",
    "security": "Security or secrecy",
    "technical": "Only one can supply it, for technical reasons",
    "exclusive_rights": "Only one can supply it, because of intellectual property or other exclusive rights",
    "additional": "Additional deliveries by those who supply it already",
    "framework": "Members of a framework or dynamic market only",
    "in_house_first": "In-house teams first",
    "below_threshold": "Quotes below the threshold",
    "prototype": "Prototype or development",
}

KINDS = {"must": "Must have", "nice": "Nice to have"}

DUTIES = {
    "draft": "Writes the need",
    "publish": "Publishes and amends it",
    "answer": "Answers suppliers",
    "read": "Reads the draft",
}

STATES = {
    "draft": "Draft",
    "live": "Live",
    "closed": "Closed",
    "concluded": "Concluded",
    "withdrawn": "Withdrawn",
}

TIME_ZONES = {
    "Europe/London": "United Kingdom time",
    "Europe/Gibraltar": "Gibraltar time",
    "Asia/Nicosia": "Cyprus time",
    "Atlantic/Stanley": "Falkland Islands time",
    "Europe/Brussels": "Brussels time",
    "America/New_York": "New York and Washington time",
    "Asia/Singapore": "Singapore time",
    "UTC": "Coordinated Universal Time (UTC)",
}

MOST_REQUIREMENTS, MOST_MEASURES, MOST_INVITED = 50, 20, 50
