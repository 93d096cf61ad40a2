"""The tables of the automation job.

Owns: one `TableSpec` a table, with its prefix byte, and `Books`, which binds them to an overlay.
Never: reads or writes anything itself.
"""

from __future__ import annotations

from functools import partial
from typing import Final, final

from schemas.codec import decode, encode
from schemas.messages.automation import RulesRow, WatchRow
from streams.runtime.tables import Overlay, TableSpec, two_ids, two_ids_of

WatchKey = tuple[str, str]  # rule id, place
DueKey = tuple[int, WatchKey]


def _time(at: int) -> bytes:
    return at.to_bytes(8, "big")


def _time_of(data: bytes) -> int:
    return int.from_bytes(data, "big")


def _due(key: DueKey) -> bytes:
    return _time(key[0]) + two_ids(key[1])


def _due_of(data: bytes) -> DueKey:
    return _time_of(data[:8]), two_ids_of(data[8:])


RULES: Final = TableSpec("rules", b"a", _time, encode, partial(decode, RulesRow), _time_of)
WATCHES: Final = TableSpec("watches", b"b", two_ids, encode, partial(decode, WatchRow), two_ids_of)
WAITING: Final = TableSpec("waiting", b"c", _due, bytes, bytes, _due_of)
TAKEN: Final = TableSpec("taken", b"d", str.encode, bytes, bytes, bytes.decode)
TABLES: Final = (RULES, WATCHES, WAITING, TAKEN)


@final
class Books:
    """What the job knows of one partition."""

    def __init__(self, overlay: Overlay) -> None:
        self.rules: Final = overlay.table(RULES)  # from when -> rules, in order of time
        self.watches: Final = overlay.table(WATCHES)  # (rule id, place) -> how it stands
        self.waiting: Final = overlay.table(WAITING)  # (end of the cool-down, rule id, place)
        self.taken: Final = overlay.table(TAKEN)  # control ids
