"""Forms of catalogues."""

from wtforms.validators import ValidationError

from app.kernel import files
from app.kernel.filetypes import ending_of
from app.kernel.forms import File, Form, Mark
from app.providers.catalogue.reading import MOST_BYTES

ENDINGS = ("csv", "txt", "tsv")


class CatalogueFile(File):
    """A table as text. Whether it can be read is told when it is read."""

    @property
    def accept(self) -> str:
        """What the browser offers to choose from."""
        return ",".join(f".{ending}" for ending in ENDINGS)

    def check(self) -> None:
        """Refuse what is too large, or has the name of something else, and give an Upload of the rest."""
        received = self.received
        if received is None or received.kept is None or received.kept.size > MOST_BYTES:
            raise ValidationError(f"The file must be {MOST_BYTES // 1024**2} MB or smaller: send it in parts")
        ending = ending_of(received.name)
        if ending not in ENDINGS:
            raise ValidationError("The file must be a CSV file: in your spreadsheet, choose “Save as”, and then “CSV”")
        self.data = files.Upload(received.name, ending, received.kept.digest, received.kept.size)


class UploadForm(Form):
    """A catalogue to be looked at."""

    file = CatalogueFile(
        "Choose your catalogue",
        called="The file",
        hint="A CSV file of up to 5,000 rows and 4 MB. You see what will change before anything is changed.",
        required="Choose a file from your device",
        most_bytes=MOST_BYTES,
    )


class BringInForm(Form):
    """The press that brings in what a preview showed."""

    mark = Mark()
