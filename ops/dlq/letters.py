"""Letters: the dead letters of the topic as rows, each source once.

Owns: what a row says.
Never: reads a topic, judges a letter.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from ops.console import time_text
from ops.reading import Record
from schemas.codec import decode
from schemas.messages.results import DeadLetter

SHOWN_BYTES: Final = 24


def letter_rows(records: Iterable[Record], done: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return a row for each letter, oldest first; `done` is what somebody did about one, by name.

    The owner of a partition may send the letters of its last group twice: repeats of the same
    coordinates are told once.
    """
    letters: dict[tuple[str, int, int], dict[str, Any]] = {}
    for record in records:
        letter = decode(DeadLetter, record.value or b"")
        letters[letter.topic, letter.partition, letter.offset] = _row(record, letter, done)
    return sorted(letters.values(), key=lambda row: str(row["appended"]))


def _row(record: Record, letter: DeadLetter, done: Mapping[str, str]) -> dict[str, Any]:
    kept, name = letter.value, f"{record.partition}/{record.offset}"
    return {
        "reason": letter.reason.name,
        "source": f"{letter.topic}[{letter.partition}] offset {letter.offset}",
        "appended": time_text(letter.append_time),
        "key": repr(letter.key)[:SHOWN_BYTES] if letter.key is not None else "none",
        "bytes": letter.length,
        "begins": "not kept" if kept is None else kept[:SHOWN_BYTES].hex(),
        "detail": letter.detail,
        "decision": f"{letter.partition}/{letter.sequence}",
        "letter": name,
        "done": done.get(name, ""),
    }
