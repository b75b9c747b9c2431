"""Needs: departments' demand signals, from the first horizon to an open call."""
