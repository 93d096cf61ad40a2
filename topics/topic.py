"""What a topic is: name, key, message, partitions, retention, who may write.

Owns: the frozen record `Topic`. The topics themselves are listed once, in `topics/catalog.py`.
Never: talks to a broker.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

DAY_MS: Final = 86_400_000
FOREVER_MS: Final = -1
MAX_BATCH_BYTES: Final = 1_048_576  # the broker counts whole producer batches


@dataclass(frozen=True, slots=True)
class Topic:
    """One topic of the ledger. `message` is the class of its values; None means plain bytes."""

    name: str
    key: str
    message: type[object] | None
    retention_ms: int
    written_by: str
    note: str
    log_append_time: bool = False
    compacted: bool = False
    compression: str = "producer"
    max_message_bytes: int = MAX_BATCH_BYTES
