"""Providers: who suppliers and in-house teams are, what they offer, and what shows it."""
