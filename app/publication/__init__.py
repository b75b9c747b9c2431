"""Publication: needs and awards as open data."""
