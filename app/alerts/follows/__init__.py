"""Following one need, and what its followers hear."""
