"""Follow: the sealed log of one partition into a shadow, up to where the live store stands.

Owns: the cut of batches, the pace, and the proof that shadow and live store are folds of one log.
Never: goes beyond the live store, so that both can be compared row by row. The shadow's position
moves in the transaction of its rows: a run that was killed goes on where it was.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Final

from ledger.sealing import CHAIN_HEADER, LogError, SealedGroup, SealReader
from ops.reading import Record
from ops.replay.scope import Scope
from schemas.codec import decode
from schemas.messages.decisions import Decision
from sinks.batch import Batch, Position, Sink

BATCH: Final = 2_000

ReadFrom = Callable[[int], Iterator[Record]]  # the records of the partition from an offset on
Tell = Callable[[int, int], None]  # Decisions done, Decisions in all


@dataclass(frozen=True, slots=True)
class Pace:
    """How much at once, how many Decisions a second (0: as fast as it goes), and how to wait."""

    wait: Callable[[float], None]
    tell: Tell
    batch: int = BATCH
    rate: int = 0


def follow(read: ReadFrom, sink: Sink, scope: Scope, until: Position, pace: Pace) -> int:
    """Bring the shadow level with the live store; return how many Decisions it went past.

    Raises `LogError` when the log is not the one that filled the live store.
    """
    before = sink.position(scope.partition)
    at = before or Position.start(until.topic_id)
    began = at.sequence
    if at.next_offset > until.next_offset or at.topic_id != until.topic_id:
        raise LogError(
            f"the live store stands at offset {until.next_offset} of topic {until.topic_id}, "
            f"the shadow at {at.next_offset} of {at.topic_id}: abort this replay and begin anew"
        )
    for groups in _batches(read, scope.partition, at, until, pace.batch):
        last = groups[-1]
        decisions = [each for group in groups for each in group.decisions if scope.has(each)]
        after = Position(last.next_offset, last.last_sequence, last.chain, until.topic_id)
        sink.write(Batch(scope.partition, decisions, before, after))
        pace.tell(after.sequence, until.sequence)
        if pace.rate:
            pace.wait((after.sequence - at.sequence) / pace.rate)
        before = at = after
    if at != until:
        raise LogError(
            f"log partition {scope.partition} leads to sequence {at.sequence} with chain "
            f"{at.chain.hex()[:16]}, the live store says {until.sequence} with "
            f"{until.chain.hex()[:16]}: it was not filled from this log"
        )
    return at.sequence - began


def _batches(
    read: ReadFrom, partition: int, at: Position, until: Position, size: int
) -> Iterator[list[SealedGroup]]:
    """Yield sealed groups, about so many Decisions at once, the last ones as they end."""
    if at.next_offset == until.next_offset:
        return
    seals = SealReader(partition, partial(decode, Decision), at.sequence, at.chain)
    groups: list[SealedGroup] = []
    waiting = 0
    for record in read(at.next_offset):
        if record.offset >= until.next_offset:
            break
        group = seals.take(record.offset, record.value or b"", record.headers.get(CHAIN_HEADER))
        if group is None:
            continue
        groups.append(group)
        waiting += len(group.decisions)
        if waiting >= size:
            yield groups
            groups, waiting = [], 0
    if groups:
        yield groups
