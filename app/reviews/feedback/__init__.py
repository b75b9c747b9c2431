"""Feedback to every respondent: requirement by requirement, what was strong, and where it stood."""
