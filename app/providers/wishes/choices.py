"""The short lists of what a provider looks for: key to label, in the order shown."""

# the keys are those of the ladder of needs, a room that this one does not look into; a test holds them together
RUNGS = {
    "horizon": ("Horizon", "Problems that departments see coming"),
    "exploring": ("Exploring", "What could be done is being found out"),
    "shaping": ("Shaping", "Requirements are being shaped"),
    "committed": ("Committed", "It will be bought"),
    "open": ("Open", "Answers are called for"),
}
RUNG_NAMES = {key: name for key, (name, _) in RUNGS.items()}
