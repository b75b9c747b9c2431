"""A real server in a process group of its own, and a person who works on it over HTTP."""

import http.cookiejar
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import html5lib

from tests.browser import filled

COMMAND = "from app.cli import main; main()"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Server:
    """`clarion serve` over one instance; `kill` is SIGKILL to all its processes."""

    def __init__(self, instance: Path, database_url: str, **settings: str) -> None:
        self.port = free_port()
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("CLARION_")},
            **{"CLARION_INSTANCE": str(instance), "DATABASE_URL": database_url, "CLARION_PORT": str(self.port)},
            **{"CLARION_WORKERS": "1", "CLARION_LOG_LEVEL": "error", **settings},
        }
        self.log = instance / "server.log"

    def start(self) -> None:
        with self.log.open("a") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-c", COMMAND, "serve"],
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self._wait()

    def _wait(self) -> None:
        for _ in range(600):
            if self.process.poll() is not None:
                raise RuntimeError(f"the server ended: {self.log.read_text()[-2000:]}")
            try:
                if self.ready()["database"]["ready"]:
                    return
            except OSError:
                time.sleep(0.05)
        raise RuntimeError(f"the server did not answer: {self.log.read_text()[-2000:]}")

    def ready(self) -> dict[str, Any]:
        try:
            with urllib.request.urlopen(f"{self.address}/readyz", timeout=10) as answer:
                return json.load(answer)  # type: ignore[no-any-return]
        except urllib.error.HTTPError as error:
            return json.load(error)  # type: ignore[no-any-return]

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def kill(self) -> None:
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        os.killpg(self.process.pid, signal.SIGTERM)
        self.process.wait(30)


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_arguments: Any) -> None:
        return None


class Visitor:
    """Somebody with a cookie jar; keeps the session when the server is killed."""

    def __init__(self, server: Server) -> None:
        self.server = server
        jar = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self.opener = urllib.request.build_opener(jar, _Stay)

    def submit(self, path: str, **fields: Any) -> str:
        """Open a page, fill its main form as it stands with `fields` over it, send it; where the 303 leads."""
        with self.opener.open(f"{self.server.address}{path}", timeout=20) as answer:
            page = html5lib.parse(answer.read(), namespaceHTMLElements=False)
        form = next(form for form in next(page.iter("main")).iter("form") if form.get("method") == "post")
        return self.post(form.get("action") or path, {**filled(form), **fields})

    def post(self, path: str, data: dict[str, Any]) -> str:
        """POST; where the 303 leads. Anything else raises."""
        body = urlencode(data, doseq=True).encode()
        try:
            with self.opener.open(f"{self.server.address}{path}", body, timeout=20) as answer:
                raise AssertionError(f"{path}: {answer.status}")
        except urllib.error.HTTPError as answer:
            if answer.code != 303:
                raise AssertionError(f"{path}: {answer.code}: {answer.read()[:500]!r}") from answer
            return str(answer.headers["Location"])
