"""Lookup: the addresses that a name stands for, asked of this machine's resolver.

Owns: the one question.
Never: judges an answer; `address.py` does.
"""

from __future__ import annotations

import socket

from sinks.webhooks.address import Place


def look_up(place: Place) -> list[str]:
    """Return the addresses a name stands for. Raises `OSError`."""
    found = socket.getaddrinfo(place.host, place.port, type=socket.SOCK_STREAM)
    return [str(address[0]) for *_, address in found]
