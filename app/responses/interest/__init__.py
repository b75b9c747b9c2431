"""Interest below open: the market that forms around a need, and conversations between a provider and the owners."""
