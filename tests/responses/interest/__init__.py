"""Tests of interest, the market that forms, and conversations."""
