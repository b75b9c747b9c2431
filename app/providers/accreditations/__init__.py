"""Accreditations: the certificates that stand behind what a provider claims, and when they end."""
