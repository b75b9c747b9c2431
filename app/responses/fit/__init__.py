"""Fit before effort: what of a need a provider meets, what is missing, and whether an answer is worth the work."""
