"""Clarifications that officers ask of one response after the opening; they change no answer."""
