"""The tables of the publish job.

Owns: one `TableSpec` a table, with its prefix byte, and `Books`, which binds them to an overlay.
Never: reads or writes anything itself.
"""

from __future__ import annotations

from functools import partial
from typing import Final, final

from schemas.codec import decode, encode
from schemas.messages.facts import ControlTotal, TravellingRow
from streams.runtime.tables import Overlay, TableSpec, two_ids, two_ids_of

TOTALS: Final = TableSpec(
    "totals", b"a", str.encode, encode, partial(decode, ControlTotal), bytes.decode
)
TRAVELLING: Final = TableSpec(
    "travelling", b"b", two_ids, encode, partial(decode, TravellingRow), two_ids_of
)
TABLES: Final = (TOTALS, TRAVELLING)


@final
class Books:
    """What the job knows of one partition."""

    def __init__(self, overlay: Overlay) -> None:
        self.totals: Final = overlay.table(TOTALS)  # total id -> what was published so far
        self.travelling: Final = overlay.table(TRAVELLING)  # (payer, transfer id) -> how it began
