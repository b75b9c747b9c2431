"""The world of responses, for ideas."""

from tests.responses.conftest import world

__all__ = ["world"]
