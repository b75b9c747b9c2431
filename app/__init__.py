"""Clarion, read in the order of the story: config, kernel, accounts, capabilities, needs, providers, matching,
responses, reviews, outcomes, then insight, alerts and publication, home, and last the factory that joins them."""
