"""Looks: pure functions that see how far a need meets a rule of clarity, and where it does not."""
