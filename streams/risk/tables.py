"""The tables of the risk job.

Owns: one `TableSpec` a table, with its prefix byte, and `Books`, which binds them to an overlay.
Never: reads or writes anything itself.
"""

from __future__ import annotations

from functools import partial
from typing import Final, final

from schemas.codec import decode, encode
from schemas.messages.policy import Ruleset
from schemas.messages.risk import SubjectRow
from streams.runtime.tables import Overlay, TableSpec, two_ids, two_ids_of

SubjectKey = tuple[str, str]  # kind, subject
DueKey = tuple[int, SubjectKey]
ONE: Final = ""  # key of a table of one row


def _due(key: DueKey) -> bytes:
    return key[0].to_bytes(8, "big") + two_ids(key[1])


def _due_of(data: bytes) -> DueKey:
    return int.from_bytes(data[:8], "big"), two_ids_of(data[8:])


SUBJECTS: Final = TableSpec(
    "subjects", b"a", two_ids, encode, partial(decode, SubjectRow), two_ids_of
)
DUES: Final = TableSpec("dues", b"b", _due, bytes, bytes, _due_of)
RULESET: Final = TableSpec(
    "ruleset", b"c", str.encode, encode, partial(decode, Ruleset), bytes.decode
)
TABLES: Final = (SUBJECTS, DUES, RULESET)


@final
class Books:
    """What the job knows of one partition."""

    def __init__(self, overlay: Overlay) -> None:
        self.subjects: Final = overlay.table(SUBJECTS)  # (kind, subject) -> who uses it
        self.dues: Final = overlay.table(DUES)  # (when the first of them leaves, kind, subject)
        self.ruleset: Final = overlay.table(RULESET)  # in force in this partition of the log
