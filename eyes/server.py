"""Server: `/metrics`, `/healthz` and `/readyz` of one process, over HTTP.

Owns: the socket and its thread, what each path answers.
Never: keeps the process alive, or asks a thread that works: it shows what was last told.
"""

from __future__ import annotations

import logging
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Final, Protocol, final

from prometheus_client import CollectorRegistry
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest
from typing_extensions import override

from eyes.address import Address
from eyes.samples import Page

LOG = logging.getLogger(__name__)
TEXT: Final = "text/plain; charset=utf-8"
CLIENT_S: Final = 5.0  # a client that sends nothing does not keep a thread for longer


class Told(Protocol):
    """What a process says of itself. From any thread; never blocks."""

    def page(self) -> Page:
        """Return the samples."""
        ...

    def dead(self) -> str:
        """Say why the process should be ended and started anew; empty when it lives."""
        ...

    def unready(self) -> str:
        """Say why it is not to be relied upon; empty when it is."""
        ...


@final
class EyesServer:
    """The page of one process."""

    def __init__(self, address: Address, told: Told) -> None:
        """Listen; raises `OSError` when the port is taken."""

        class Handler(_Handler):
            says = told

        self._server: Final = ThreadingHTTPServer(address, Handler)
        self._server.daemon_threads = True
        host, port = self._server.server_address[:2]
        self.url: Final = f"http://{host!s}:{port}"

    def start(self) -> None:
        """Serve, in threads that end with the process."""
        Thread(target=self._server.serve_forever, name="eyes", daemon=True).start()
        LOG.info("metrics at %s/metrics", self.url)

    def stop(self) -> None:
        """Serve no more."""
        self._server.shutdown()
        self._server.server_close()


class _Handler(BaseHTTPRequestHandler):
    says: Told
    timeout = CLIENT_S

    def do_GET(self) -> None:
        """Answer."""
        if self.path == "/metrics":
            registry = CollectorRegistry(auto_describe=False)
            registry.register(self.says.page())
            body = generate_latest(registry)
            self._answer(HTTPStatus.OK, body, CONTENT_TYPE_PLAIN_0_0_4)
        elif self.path in {"/healthz", "/readyz"}:
            trouble = self.says.dead() if self.path == "/healthz" else self.says.unready()
            status = HTTPStatus.SERVICE_UNAVAILABLE if trouble else HTTPStatus.OK
            self._answer(status, f"{trouble or 'ok'}\n".encode(), TEXT)
        else:
            self._answer(HTTPStatus.NOT_FOUND, b"/metrics, /healthz or /readyz\n", TEXT)

    @override
    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: a scrape every few seconds is no event."""

    def _answer(self, status: HTTPStatus, body: bytes, kind: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
