"""Insight: demand against supply, read from everything, changing nothing."""
