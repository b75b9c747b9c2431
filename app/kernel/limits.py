"""Limits: how often one address may ask. Counted by each process for itself; sign-in also counts in the database."""

from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

# at module level: a limiter that only the factory held would be collected, and limit nothing
limiter = Limiter(
    get_remote_address,
    storage_uri="memory://",
    default_limits=["1200 per minute"],
    headers_enabled=False,
)
sensitive = limiter.shared_limit("60 per minute", scope="sensitive", methods=["POST"])
