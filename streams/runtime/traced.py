"""Traced: what a partition tells of the traced records that it decides, once they are committed.

Owns: the spans of the open group, and the order: decided, then committed, then told.
Never: in the way of a worker that does not trace: then nobody makes one of these. Nothing here
changes a value; what follows from a traced record says so in a header.

A transaction that is aborted tells nothing. One that a crash cuts off between its commit and the
word about it is not told either: a trace may have a gap, the log has none.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, final

from eyes.spans import Span, Spans
from eyes.trace import HEADER, read
from streams.runtime.job import InputRecord, LogRecord, Output
from streams.runtime.ports import Transactions

WallUs = Callable[[], int]


@final
class Trail:
    """The spans of one partition's open group."""

    def __init__(self, spans: Spans, wall_us: WallUs) -> None:
        self._spans: Final = spans
        self._open: list[Span] = []
        self.wall_us: Final = wall_us

    def follow(
        self, what: str, record: InputRecord, began_us: int, told: dict[str, str | int]
    ) -> bytes:
        """A traced record was taken; return the header of all that follows from it.

        Its span has one id for the place of the record, so that it is the same at a repeat.
        """
        given = read(record.trace)
        assert given is not None, "the host hands on what it could read"
        own = given.child(what, record.topic, record.partition, record.offset)
        told |= {"ledger.input": record.topic, "ledger.partition": record.partition}
        self._open.append(
            Span(what, own, given.span_id, began_us, self.wall_us(), "consumer", told)
        )
        return own.header

    def committed(self, began_us: int) -> None:
        """The transaction that began then is true: tell what it held."""
        if not self._open:
            return
        now, told = self.wall_us(), self._open
        self._open = []
        for span in told:
            self._spans.tell(span)
            own = span.trace.child("committed")
            self._spans.tell(
                Span("committed", own, span.trace.span_id, began_us, now, told=span.told)
            )

    def forget(self) -> None:
        """The open group is gone."""
        self._open = []


@final
class Trails:
    """The trails of a process, by partition."""

    def __init__(self, spans: Spans, wall_us: WallUs) -> None:
        self._spans: Final = spans
        self._wall_us: Final = wall_us
        self._of: Final[dict[int, Trail]] = {}

    def of(self, partition: int) -> Trail:
        """Return the trail of a partition, also for its next assignment."""
        return self._of.setdefault(partition, Trail(self._spans, self._wall_us))


@final
class TracedTransactions:
    """The transactions of a partition, which tell its trail; satisfies `Transactions`."""

    def __init__(self, transactions: Transactions, trail: Trail) -> None:
        self._transactions: Final = transactions
        self._trail: Final = trail
        self._began_us = 0
        self.send_log: Final = transactions.send_log
        self.send: Final = transactions.send
        self.settle: Final = transactions.settle

    def fence(self) -> None:
        """Fence; whatever was open is decided anew."""
        self._trail.forget()
        self._transactions.fence()

    def begin(self) -> None:
        """Open a transaction."""
        self._began_us = self._trail.wall_us()
        self._transactions.begin()

    def commit(self) -> None:
        """Commit, then tell."""
        self._transactions.commit()
        self._trail.committed(self._began_us)

    def abort(self) -> None:
        """Abort."""
        self._trail.forget()
        self._transactions.abort()

    def drop(self) -> None:
        """Forget the producer."""
        self._trail.forget()
        self._transactions.drop()


def with_header(output: Output, header: bytes) -> Output:
    """Return the same output, which says whose trace it is."""
    place = output.topic, output.partition
    return Output(*place, output.key, output.value, ((HEADER, header), *output.headers))


def log_with_header(record: LogRecord, header: bytes) -> LogRecord:
    """Return the same record of the log, which says whose trace it is."""
    return LogRecord(record.key, record.value, (*record.headers, (HEADER, header)), record.offset)
