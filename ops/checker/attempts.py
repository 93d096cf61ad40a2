"""Check 11: an aborted attempt leaves no trace: what it wrote is nowhere visible.

Owns: the attempts (one a transaction, named in the header `attempt` of every record) as they are
seen with and without the records of aborted transactions.
Never: judges stores; that they hold the committed log and nothing else is checked by 8 to 10.

A recovering owner sends the outputs of the last group again in a transaction without Decisions;
receivers drop such repeats, so one that was torn is a note, not a difference.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Final, final

from ops.checker.report import Result
from ops.reading import Record
from streams.runtime.kafka_producer import ATTEMPT_HEADER
from topics.catalog import EVENTS


@final
class Attempts:
    """Every attempt of the ledger, by the name its records carry."""

    def __init__(self, result: Result) -> None:
        self._result: Final = result
        self._aborted: Final[dict[bytes, str]] = {}
        self._committed: Final[dict[bytes, str]] = {}
        self._deciding: Final[set[bytes]] = set()
        self._sealed: Final[set[bytes]] = set()

    def seal(self, attempt: bytes | None) -> None:
        """Note the attempt of a sealed Decision."""
        if attempt is not None:
            self._sealed.add(attempt)

    def see(self, everything: Iterable[Record], committed: Iterable[Record]) -> None:
        """Read a topic twice: without what was aborted, and with it."""
        visible: Counter[tuple[int, bytes]] = Counter()
        for record, attempt in named(committed):
            visible[record.partition, attempt] += 1
            self._committed.setdefault(attempt, in_words(record))
        for record, attempt in named(everything):
            self._result.looked_at += 1
            visible[record.partition, attempt] -= 1
            if visible[record.partition, attempt] < 0:
                self._aborted.setdefault(attempt, in_words(record))
            if record.topic == EVENTS.name:
                self._deciding.add(attempt)

    def end(self) -> None:
        """No attempt is both aborted and visible; nothing is visible of one without its seal."""
        for attempt, where in self._committed.items():
            name = attempt.decode(errors="backslashreplace")
            if attempt in self._deciding and attempt not in self._sealed:
                if where.startswith(EVENTS.name):
                    self._result.note(f"void: attempt {name} at {where}")
                else:
                    self._result.add(where, f"is visible, its attempt {name} was never sealed")
            elif attempt in self._aborted and attempt in self._deciding:
                self._result.note(f"torn after its seal: attempt {name} at {where}")
            elif attempt in self._aborted:
                self._result.note(f"torn when sent again: attempt {name} at {where}")
        self._result.note(f"{len(self._aborted)} aborted attempts")


def named(records: Iterable[Record]) -> Iterator[tuple[Record, bytes]]:
    """Yield the records that name their attempt, with the name."""
    for record in records:
        attempt = record.headers.get(ATTEMPT_HEADER)
        if attempt is not None:
            yield record, attempt


def in_words(record: Record) -> str:
    """Return where a record lies."""
    return f"{record.topic}[{record.partition}] offset {record.offset}"
