"""Deciding again: the log alone gives the same log, byte for byte.

Owns: a second life of a partition's writer, driven by the sources in its Decisions.
Never: reads anything but the log and the inputs it names.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from ledger.sealing import SealedGroup
from schemas.codec import encode
from schemas.messages.decisions import Decision, InputSource, TimerSource
from streams.runtime.fakes_local import FakeDisk
from streams.runtime.job import Job, Outcome, PartitionJob, ReadInput
from streams.runtime.overlay import OverlayState
from streams.wallet.catalogued import TOPIC_NAMES

CACHED_ROWS: Final = 1_000_000  # nothing of the past is read twice from the store


def decided_again(
    job: Job, partition: int, groups: Sequence[SealedGroup], read_input: ReadInput
) -> Iterator[str]:
    """Yield the first Decision of a partition that comes out otherwise."""
    overlay = OverlayState(job.tables, FakeDisk().open(), CACHED_ROWS)
    writer = job.open(overlay, partition)
    for group in groups:
        outcomes = [_again(writer, decision, read_input) for decision in group.decisions]
        if None in outcomes:
            yield f"partition {partition}: a timer or input of #{group.first_sequence} is not there"
            return
        seal = group.decisions[-1].seal
        assert seal is not None, "a group ends with its seal"
        positions = {place.topic: place.offset for place in seal.next_positions}
        sealed = writer.seal([each for each in outcomes if each is not None], positions)
        for decision, record in zip(group.decisions, sealed.log, strict=True):
            if encode(decision) != record.value:
                yield f"partition {partition}: #{decision.sequence} decided again gives other bytes"
                return
        overlay.fold()
        overlay.flush(b"")


def _again(writer: PartitionJob, decision: Decision, read_input: ReadInput) -> Outcome | None:
    source = decision.source
    if isinstance(source, InputSource):
        name = TOPIC_NAMES[source.topic]
        record = read_input(name, decision.partition, source.offset)
        return None if record is None else writer.step(record)
    assert isinstance(source, TimerSource), "a Decision has one of two sources"
    return writer.fire(source.due)
