"""Digests: one mail with what a person's alerts found, and stopping such mail without signing in."""
