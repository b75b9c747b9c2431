"""Capabilities: the shared vocabulary in which needs ask and providers answer."""
