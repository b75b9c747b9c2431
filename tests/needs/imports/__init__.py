"""Tests of needs from elsewhere."""
