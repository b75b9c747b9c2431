"""Clarity: how clearly a need is written, as a score with its parts; derived from the need's words, never stored."""
