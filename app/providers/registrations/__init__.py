"""Registrations: the numbers under which others know a provider."""
