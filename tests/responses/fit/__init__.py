"""Tests of fit before effort."""
