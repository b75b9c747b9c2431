"""The WSGI application, for any server: `gunicorn wsgi:application`. `clarion serve` is the shorter way."""

from app.config import read_settings
from app.factory import create_app
from app.kernel.instance import open_instance

application = create_app(open_instance(read_settings()))
