"""Responses: a provider's answer to a need, sealed until the deadline."""
