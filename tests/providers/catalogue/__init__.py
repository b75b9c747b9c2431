"""Tests of a provider's own catalogue."""
