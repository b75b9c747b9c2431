"""The four refusals. Each has one page and one HTTP status; its message is shown to the person who was refused."""


class Refusal(Exception):
    """Something asked for that will not be done; nothing of the transaction is kept."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class NotFound(Refusal):
    """The thing does not exist, as far as this person may know."""

    def __init__(self, message: str = "") -> None:
        super().__init__(message)


class NotAllowed(Refusal):
    """The thing is visible, but this act on it is not this person's."""


class IllegalMove(Refusal):
    """The thing's state does not admit this act."""


class Conflict(Refusal):
    """Somebody else was first, or the same thing exists already."""
