"""Tests of clarifications."""
