"""What respondents say back to their feedback: how useful it was, and one question."""
