"""Alerts of one's own: saved searches, needs that fit one's providers, followed needs; and finding what is new."""
