"""Questions that suppliers ask about a need, and the answers that everybody gets at the same moment."""
