"""A provider's own catalogue: out as CSV, and back in with a preview of what will change."""
