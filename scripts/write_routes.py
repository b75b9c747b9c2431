"""Write the list of addresses, methods and guards that `tests/house/test_routes.py` holds the application to."""

import tempfile

from app.config import read_settings
from app.factory import create_app, open_clarion
from tests.house.test_routes import KNOWN, listing


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        application = create_app(open_clarion(read_settings({"CLARION_INSTANCE": folder})))
        KNOWN.write_text("".join(f"{line}\n" for line in listing(application)))


if __name__ == "__main__":
    main()
