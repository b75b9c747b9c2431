"""Outcomes: partnerships that awards start, and what became of them."""
