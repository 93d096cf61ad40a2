"""Advance: how far a long reading of the log has come, for the person who waits.

Owns: a bar on a terminal, plain lines into a pipe, both on standard error.
Never: changes what is read; asks the clock for every record.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from typing import Final, TextIO

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from ops.reading import Record, TopicReader
from schemas.access.kafka import Servers

LOOK_EVERY: Final = 1_000  # records
LINE_EVERY_S: Final = 5.0

Spans = Mapping[int, tuple[int, int]]  # partition -> first offset, offset after the last
Tell = Callable[[int], None]  # offsets that are done


def spans_of(reader: TopicReader, partitions: tuple[int, ...] = ()) -> Spans:
    """Return what there is to read of some partitions, or of all."""
    ends = reader.ends()
    chosen = partitions or tuple(ends)
    return {number: (reader.first(number), ends[number]) for number in chosen if number in ends}


def read_told(
    address: Servers, topic: str, partitions: tuple[int, ...], what: str
) -> Iterator[Record]:
    """Yield every record of some partitions of a topic, or of all, and tell how far it is."""
    with closing(TopicReader(address, topic)) as reader:
        yield from told(reader.read(partitions or None), spans_of(reader, partitions), what)


def told(
    records: Iterator[Record], spans: Spans, what: str, out: TextIO | None = None
) -> Iterator[Record]:
    """Yield the records and tell how far they are; nothing is told of what is short."""
    total = sum(end - first for first, end in spans.values())
    at = {number: first for number, (first, _) in spans.items()}
    begin = sum(at.values())
    stream = out or sys.stderr
    with (_bar if stream.isatty() else _lines)(total, what, stream) as tell:
        for count, record in enumerate(records, 1):
            at[record.partition] = record.offset + 1
            if count % LOOK_EVERY == 0:
                tell(sum(at.values()) - begin)
            yield record


@contextmanager
def _bar(total: int, what: str, out: TextIO) -> Iterator[Tell]:
    columns = (TextColumn(what), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(file=out), transient=True) as progress:
        task = progress.add_task(what, total=total)
        yield lambda done: progress.update(task, completed=done)


@contextmanager
def _lines(total: int, what: str, out: TextIO) -> Iterator[Tell]:
    last = time.monotonic()

    def tell(done: int) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last >= LINE_EVERY_S:
            last = now
            out.write(f"{what}: {done:,} of {total:,} offsets\n")
            out.flush()

    yield tell
