"""The WSGI application, for any server: `gunicorn wsgi:application`. `clarion serve` is the shorter way."""

from app.config import read_settings
from app.factory import create_app, open_clarion
from app.kernel import sealing_mark

application = create_app(open_clarion(read_settings()))
sealing_mark.keep()
