"""Kafka's framing, as far as a proxy must know it to lose one reply and no other.

Owns: lengths, api keys and correlation ids.
Never: reads a body.
"""

from __future__ import annotations

from enum import IntEnum
from struct import Struct
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from asyncio import StreamReader

LENGTH: Final = Struct(">i")
REQUEST_HEAD: Final = Struct(">hhi")  # api key, api version, correlation id
CORRELATION: Final = Struct(">i")
# The broker's own limit of a request (`socket.request.max.bytes`).
FRAME_BYTES_MAX: Final = 104_857_600


class Api(IntEnum):
    """The requests whose loss leaves somebody unsure."""

    PRODUCE = 0
    FETCH = 1
    LIST_OFFSETS = 2
    METADATA = 3
    JOIN_GROUP = 11
    HEARTBEAT = 12
    SYNC_GROUP = 14
    INIT_PRODUCER_ID = 22
    ADD_PARTITIONS_TO_TXN = 24
    END_TXN = 26


class Request(NamedTuple):
    """What the head of a request says."""

    api: int
    correlation: int


class FramingError(Exception):
    """These bytes are not Kafka's."""


async def read_frame(reader: StreamReader) -> bytes:
    """Return one frame with its length in front. Raises `IncompleteReadError` at the end."""
    head = await reader.readexactly(LENGTH.size)
    (length,) = LENGTH.unpack(head)
    if not CORRELATION.size <= length <= FRAME_BYTES_MAX:
        raise FramingError(f"a frame of {length} bytes")
    return head + await reader.readexactly(length)


def request_of(frame: bytes) -> Request:
    """Return api key and correlation id of a request."""
    if len(frame) < LENGTH.size + REQUEST_HEAD.size:
        raise FramingError(f"a request of {len(frame)} bytes")
    api, _, correlation = REQUEST_HEAD.unpack_from(frame, LENGTH.size)
    return Request(api, correlation)


def correlation_of(reply: bytes) -> int:
    """Return which request a reply answers."""
    (correlation,) = CORRELATION.unpack_from(reply, LENGTH.size)
    return int(correlation)
