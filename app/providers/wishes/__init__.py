"""Wishes: what a provider is looking for, partners and kinds of need."""
