"""Reuse, neighbours and in-house first: what a department looked at before it asks suppliers, and what it answered."""
