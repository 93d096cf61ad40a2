"""Traced: a sink that tells when the traced Decisions of a batch were stored.

Owns: the traces of records that were read and are not stored yet, and how many are kept.
Never: in the way of a sink that does not trace: then nobody makes one of these.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from socket import gethostname
from threading import Lock
from typing import Final, final

from eyes.spans import Span, Spans, spans_to
from eyes.trace import read, sampled_in
from sinks.batch import Batch, Position, Sink
from sinks.clock import wall_us
from sinks.errors import SettingsError

KEPT_MAX: Final = 10_000  # of each partition; what is more is not told

Found = tuple[int, bytes]  # offset, header


@final
class TraceMarks:
    """The traces of records on their way through the lanes; satisfies `sinks.source.Marks`."""

    def __init__(self) -> None:
        self._kept: Final[dict[int, dict[int, bytes]]] = defaultdict(dict)
        self._guard: Final = Lock()

    def note(self, partition: int | None, offset: int | None, headers: object) -> None:
        """Keep the trace of a record that is sampled; a record read again is kept once."""
        header = sampled_in(headers) if isinstance(headers, Iterable) else b""
        if not header or partition is None or offset is None:
            return
        with self._guard:
            kept = self._kept[partition]
            if len(kept) < KEPT_MAX:
                kept[offset] = header

    def below(self, partition: int, next_offset: int) -> list[Found]:
        """Take the traces of all records before an offset."""
        with self._guard:
            kept = self._kept[partition]
            found = sorted(offset for offset in kept if offset < next_offset)
            return [(offset, kept.pop(offset)) for offset in found]


@contextmanager
def traced(store: str, sink: Sink, collector: str) -> Iterator[Sink]:
    """Give the sink to feed: itself, without a collector. Raises `SettingsError`."""
    try:
        spans = spans_to(collector, f"ledger-sink-{store}", gethostname())
    except ValueError as error:
        raise SettingsError(str(error)) from error
    if spans is None:
        yield sink
        return
    try:
        yield TracedSink(store, sink, TraceMarks(), spans)
    finally:
        spans.close()


def marks_of(sink: Sink) -> TraceMarks | None:
    """Return what is to hear of the records that go to a sink; None when it does not trace."""
    return sink.marks if isinstance(sink, TracedSink) else None


@final
class TracedSink:
    """A store that tells; satisfies `Sink`."""

    def __init__(
        self,
        store: str,
        sink: Sink,
        marks: TraceMarks,
        spans: Spans,
        now_us: Callable[[], int] = wall_us,
    ) -> None:
        self._name: Final = f"stored {store}"
        self._sink: Final = sink
        self.marks: Final = marks
        self._spans: Final = spans
        self._now_us: Final = now_us

    def position(self, partition: int) -> Position | None:
        """Return where the store stands."""
        return self._sink.position(partition)

    def write(self, batch: Batch) -> None:
        """Write a batch, then tell of what in it is traced."""
        began = self._now_us()
        self._sink.write(batch)
        for offset, header in self.marks.below(batch.partition, batch.after.next_offset):
            self._tell(batch, offset, header, began)

    def close(self) -> None:
        """Let go of every connection."""
        self._sink.close()

    def _tell(self, batch: Batch, offset: int, header: bytes, began: int) -> None:
        given = read(header)
        assert given is not None, "marks are kept of what could be read"
        told: dict[str, str | int] = {
            "ledger.partition": batch.partition,
            "ledger.offset": offset,
            "ledger.batch": len(batch.decisions),
        }
        own = given.child(self._name, batch.partition, offset)
        now = self._now_us()
        self._spans.tell(Span(self._name, own, given.span_id, began, now, "consumer", told))
