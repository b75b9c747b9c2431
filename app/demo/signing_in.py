"""How the demo people sign in: one password for all, set or made once and kept in the instance folder."""

from app.config import Settings
from app.kernel.instance import kept_secret

KEPT_IN = "demo_password"
PEOPLE = {
    "buyer@demo.example": "a buyer with drafts, live needs and an outcome to record",
    "officer@demo.example": "the procurement officer of the same department",
    "supplier@demo.example": "the lead of a small supplier",
    "operator@demo.example": "an operator of the platform",
    "buyer2@demo.example": "a buyer of another department",
    "officer2@demo.example": "the procurement officer of that other department",
    "supplier2@demo.example": "the lead of another supplier",
}


def demo_password(settings: Settings) -> str:
    """The password of the demo people."""
    return settings.demo_password or kept_secret(settings.instance / KEPT_IN, 16)


def sign_in_hint(settings: Settings) -> list[str]:
    """Lines that tell who to sign in as, where the instance holds the demo world."""
    if not (settings.demo_password or (settings.instance / KEPT_IN).exists()):
        return []
    people = [f"  {email:<24} {who}" for email, who in PEOPLE.items()]
    return ["Sign in as", *people, f"with the password {demo_password(settings)}"]
