"""The tables of the match job.

Owns: one `TableSpec` a table, with its prefix byte, and `Meetings`, which binds them to an overlay.
Never: reads or writes anything itself.
"""

from __future__ import annotations

from functools import partial
from typing import Final, final

from schemas.codec import decode, encode
from schemas.messages.recon import (
    CheckpointRow,
    CutsRow,
    DirectionRow,
    NumberRow,
    OpenBreakRow,
)
from streams.runtime.tables import Overlay, TableSpec

Two = tuple[int, int]
ONE: Final = ""  # key of a table of one row


def _two(key: Two) -> bytes:
    return key[0].to_bytes(8, "big") + key[1].to_bytes(8, "big")


def _two_of(data: bytes) -> Two:
    return int.from_bytes(data[:8], "big"), int.from_bytes(data[8:], "big")


def _number(number: int) -> bytes:
    return number.to_bytes(8, "big")


def _number_of(data: bytes) -> int:
    return int.from_bytes(data, "big")


HEARD: Final = TableSpec("heard", b"a", _number, encode, partial(decode, NumberRow), _number_of)
DIRECTIONS: Final = TableSpec(
    "directions", b"b", _two, encode, partial(decode, DirectionRow), _two_of
)
CHECKPOINTS: Final = TableSpec(
    "checkpoints", b"c", _two, encode, partial(decode, CheckpointRow), _two_of
)
CUTS: Final = TableSpec("cuts", b"d", str.encode, encode, partial(decode, CutsRow), bytes.decode)
BREAKS: Final = TableSpec(
    "breaks", b"e", str.encode, encode, partial(decode, OpenBreakRow), bytes.decode
)
TABLES: Final = (HEARD, DIRECTIONS, CHECKPOINTS, CUTS, BREAKS)


@final
class Meetings:
    """What meets in one partition of the facts."""

    def __init__(self, overlay: Overlay) -> None:
        self.heard: Final = overlay.table(HEARD)  # ledger partition -> number of its last fact
        self.directions: Final = overlay.table(DIRECTIONS)  # (source, destination)
        self.checkpoints: Final = overlay.table(CHECKPOINTS)  # (cut, ledger partition)
        self.cuts: Final = overlay.table(CUTS)
        self.breaks: Final = overlay.table(BREAKS)  # break id -> it is open
