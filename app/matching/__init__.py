"""Matching: who could meet a need, and why; what officers decided on that."""
