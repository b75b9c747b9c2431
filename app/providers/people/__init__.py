"""People: who works for a provider, named to its own staff, and told to others in bands."""
