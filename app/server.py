"""The production server: gunicorn over the application, with the background thread in each process."""

import resource
import socket
from contextlib import suppress
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication

from app.config import BadSetting, Settings
from app.factory import create_app, open_clarion
from app.kernel.background import Background


class Server(BaseApplication):  # type: ignore[misc]
    """Gunicorn with Clarion's settings; each worker opens the instance for itself, after the fork."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        super().__init__()

    def load_config(self) -> None:
        options: dict[str, Any] = {
            "bind": f"{self.settings.host}:{self.settings.port}",
            "workers": self.settings.workers,
            "threads": self.settings.threads,
            "worker_class": "gthread",
            "worker_tmp_dir": str(self.settings.instance),
            "timeout": 60,
            "graceful_timeout": 15,
            "loglevel": "warning",
            "limit_request_line": 8190,  # a long paste into a search box: the most that gunicorn takes
            "control_socket_disable": True,  # it would open one in the home directory
        }
        for name, value in options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        application = create_app(open_clarion(self.settings))
        if self.settings.background:
            Background().start()
        return application


def must_be_free(settings: Settings) -> None:
    """Refuse with a clear sentence when the port is taken, before anything else starts."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except socket.gaierror as error:
            raise BadSetting(f"CLARION_HOST: {settings.host} is not an address of this machine.") from error
        except OSError as error:
            raise BadSetting(
                f"CLARION_PORT: {settings.host}:{settings.port} cannot be listened on ({error.strerror}). "
                "Stop what uses it, or choose another port."
            ) from error


def _allow_many_files() -> None:
    """As many as the machine lets us open: each thread's reading of an index holds several for each segment."""
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def serve(settings: Settings) -> None:
    """Serve until stopped."""
    _allow_many_files()
    Server(settings).run()
