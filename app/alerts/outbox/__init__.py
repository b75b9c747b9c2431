"""Mail that is stuck, for the operator."""
