"""Joint needs: several departments hold one together; one leads, each keeps its own money line."""
