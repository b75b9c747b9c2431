"""A file that much comes from at once, as the audit names it."""

from app.kernel import audit
from app.kernel.importing.taking import Counts, Taken


class File:
    """The file `name`, in the stream of what such files bring, such as `catalogues`."""

    def __init__(self, stream: str, name: str) -> None:
        self.__tablename__, self.id = stream, name[:50]


def record_batch(file: File, counts: Counts) -> None:
    """One audit entry for a batch, written with it; none where the batch changed nothing."""
    facts = {taken.value: count for taken, count in sorted(counts.items(), key=lambda pair: pair[0].value)}
    if set(facts) - {Taken.UNCHANGED.value}:
        audit.record("import", file, by=None, facts=facts)
