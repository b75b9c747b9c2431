"""Alerts: who hears of what happened."""
