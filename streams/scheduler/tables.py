"""The tables of the scheduler job.

Owns: one `TableSpec` a table, with its prefix byte, and `Books`, which binds them to an overlay.
Never: reads or writes anything itself.
"""

from __future__ import annotations

from functools import partial
from typing import Final, final

from schemas.codec import decode, encode
from schemas.messages.policy import Policy
from schemas.messages.scheduler import GivenRow, ScheduledRow
from streams.runtime.tables import Overlay, TableSpec, two_ids, two_ids_of

DueKey = tuple[int, str, str]  # due, wallet id, schedule id
ONE: Final = ""  # key of a table of one row


def _due(key: DueKey) -> bytes:
    return key[0].to_bytes(8, "big") + two_ids(key[1:])


def _due_of(data: bytes) -> DueKey:
    return (int.from_bytes(data[:8], "big"), *two_ids_of(data[8:]))


SCHEDULES: Final = TableSpec(
    "schedules", b"a", two_ids, encode, partial(decode, ScheduledRow), two_ids_of
)
DUES: Final = TableSpec("dues", b"b", _due, bytes, bytes, _due_of)
GIVEN: Final = TableSpec("given", b"c", two_ids, encode, partial(decode, GivenRow), two_ids_of)
POLICY: Final = TableSpec("policy", b"d", str.encode, encode, partial(decode, Policy), bytes.decode)
TABLES: Final = (SCHEDULES, DUES, GIVEN, POLICY)


@final
class Books:
    """What the job knows of one partition."""

    def __init__(self, overlay: Overlay) -> None:
        self.schedules: Final = overlay.table(SCHEDULES)  # (wallet id, schedule id), not over
        self.dues: Final = overlay.table(DUES)  # (due, wallet id, schedule id), in order of time
        self.given: Final = overlay.table(GIVEN)  # (wallet id, command id) -> not answered for good
        self.policy: Final = overlay.table(POLICY)
