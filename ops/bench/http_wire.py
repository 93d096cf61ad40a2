"""A connection to the door that is made again when it breaks, and answers read whole.

Theory: `http_client` counts answers and leaves when a connection ends, which is right for a rate.
Where doors and servers are killed, a client must come back, and must look at what it was told.

Owns: one keep-alive connection, one request at a time.
Never: repeats a request by itself: who sent it knows whether it may be.
"""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any, Final, NamedTuple, final

if TYPE_CHECKING:
    from collections.abc import Mapping

HEAD_END: Final = b"\r\n\r\n"
PATIENCE_S: Final = 60.0
REFUSED: Final = 400  # from here on
AWAY: Final = 503


class Told(NamedTuple):
    """An answer; header names are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:  # noqa: ANN401 - what a document is, its reader knows
        """Return the document."""
        return json.loads(self.body)

    @property
    def code(self) -> str:
        """What a problem is called; empty for what is none."""
        found = self.json() if self.body and self.status >= REFUSED else {}
        return str(found.get("code", ""))

    @property
    def is_not_now(self) -> bool:
        """Whether the door asks for the same request again."""
        return self.status == AWAY or self.code in {"IN_FLIGHT", "RATE_LIMITED"}


@final
class Wire:
    """One connection."""

    def __init__(self, host: str, port: int) -> None:
        self._host: Final = host
        self._port: Final = port
        self._open: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, request: bytes) -> Told | None:
        """Send a request; None when no answer came, and what it did is not known."""
        try:
            return await asyncio.wait_for(self._asked(request), PATIENCE_S)
        except (OSError, EOFError, TimeoutError):
            self.close()
            return None

    def close(self) -> None:
        """Let go of the connection."""
        if self._open is not None:
            self._open[1].close()
            self._open = None

    async def _asked(self, request: bytes) -> Told:
        if self._open is None:
            self._open = await asyncio.open_connection(self._host, self._port)
        reader, writer = self._open
        writer.write(request)
        first, *lines = (await reader.readuntil(HEAD_END)).decode("latin-1").split("\r\n")
        pairs = (line.partition(":") for line in lines if line)
        headers = {name.lower(): value.strip() for name, _, value in pairs}
        body = await reader.readexactly(int(headers.get("content-length", 0)))
        if headers.get("connection") == "close":
            self.close()
        return Told(int(first.split(" ")[1]), headers, body)


def written(host: str, path: str, key: str, body: Mapping[str, Any], wait_s: int = 0) -> bytes:
    """Return the bytes of a write."""
    content = json.dumps(body).encode()
    wait = f"Prefer: wait={wait_s}\r\n" if wait_s else ""
    head = (
        f"POST /v1{path} HTTP/1.1\r\nHost: {host}\r\nIdempotency-Key: {key}\r\n{wait}"
        f"Content-Type: application/json\r\nContent-Length: {len(content)}\r\n\r\n"
    )
    return head.encode() + content


def asked(host: str, path: str, token: str) -> bytes:
    """Return the bytes of a read that asks for no less than a position."""
    return (f"GET /v1{path} HTTP/1.1\r\nHost: {host}\r\nLedger-At-Least: {token}\r\n\r\n").encode()
