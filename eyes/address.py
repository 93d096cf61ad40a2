"""Address: where the page of metrics listens.

Owns: reading `port` or `host:port`; a port alone is on loopback.
Never: opens a socket.
"""

from __future__ import annotations

from typing import Final, NamedTuple

LOOPBACK: Final = "127.0.0.1"
PORT_MAX: Final = 65_535


class Address(NamedTuple):
    """Host and port; port 0 lets the system choose."""

    host: str
    port: int


def read_address(text: str) -> Address | None:
    """Return the address; None for empty text. Raises `ValueError` on anything else."""
    if not text:
        return None
    host, _, port = text.rpartition(":")
    if not port.isdecimal() or int(port) > PORT_MAX:
        raise ValueError(f"LEDGER_METRICS is a port or host:port, not {text!r}")
    return Address(host or LOOPBACK, int(port))
