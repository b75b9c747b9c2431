"""Approvals: a second person, an officer, before a need is published or moved to committed or open."""
