"""A supplier sent its catalogue, and has not decided on it yet."""

from app.accounts.models import LEAD
from app.demo.world import World
from app.providers.catalogue.commands import keep_upload
from app.providers.catalogue.reading import read_catalogue


def send_catalogue(world: World) -> None:
    """Keep the file that the cast names, as far as its provider is in this world."""
    sent = world.library.cast["catalogue"]
    if sent["provider"] in world.providers:
        lead = world.people[sent["provider"], LEAD][0]
        rows = read_catalogue(sent["text"].encode())
        keep_upload(world.providers[sent["provider"]], name=sent["name"], rows=rows, by=lead)
