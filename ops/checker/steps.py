"""Steps: one partition's log beside its inputs, record by record.

Owns: `Step`, one sealed Decision with the bytes it lies in and the record it answers, and the join.
Never: keeps more than one group; a log of any length passes through.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, final

from ledger.sealing import CHAIN_HEADER, LogError, SealReader
from ops.reading import Record
from schemas.codec import CodecError, decode
from schemas.messages.decisions import Decision, InputSource
from schemas.messages.vocabulary import InputTopic
from streams.runtime.kafka_producer import ATTEMPT_HEADER


@dataclass(frozen=True, slots=True)
class Logged:
    """A Decision of a sealed group; `chain` is set on the group's last."""

    decision: Decision
    value: bytes
    offset: int
    attempt: bytes | None
    chain: bytes | None


@dataclass(frozen=True, slots=True)
class Step:
    """A Decision and the input it answers; None for a timer and for what retention removed."""

    logged: Logged
    record: Record | None

    @property
    def decision(self) -> Decision:
        """Return the Decision."""
        return self.logged.decision

    @property
    def where(self) -> str:
        """Return where it is, in words."""
        decision = self.logged.decision
        wallet = f" wallet {decision.wallet_id}" if decision.wallet_id else ""
        return f"partition {decision.partition} #{decision.sequence}{wallet}"


def sealed_steps(
    partition: int, records: Iterator[Record], damaged: Callable[[str], None]
) -> Iterator[Logged]:
    """Yield the Decisions of sealed groups; damage is told and ends the partition."""
    decoded: list[Decision] = []

    def decode_once(value: bytes) -> Decision:
        decoded[:] = [decode(Decision, value)]
        return decoded[0]

    reader = SealReader(partition, decode_once)
    waiting: list[tuple[Decision, Record]] = []
    for record in records:
        try:
            group = reader.take(
                record.offset, record.value or b"", record.headers.get(CHAIN_HEADER)
            )
        except (LogError, CodecError) as error:
            damaged(f"offset {record.offset}: {error}")
            return
        waiting.append((decoded[0], record))
        if group is None:
            continue
        for decision, place in waiting[-len(group.decisions) :]:  # what lies before it was void
            yield Logged(
                decision,
                place.value or b"",
                place.offset,
                place.headers.get(ATTEMPT_HEADER),
                group.chain if decision.seal is not None else None,
            )
        waiting.clear()
    if reader.unsealed:
        damaged(f"{reader.unsealed} Decisions after #{reader.sequence} have no seal")


@final
class Inputs:
    """One input topic of a partition, advanced as the log answers it."""

    def __init__(self, records: Iterator[Record], first_offset: int) -> None:
        self._records: Final = records
        self._first: Final = first_offset
        self._next: Record | None = next(records, None)
        self.unanswered: Final[list[int]] = []
        self.invented: Final[list[int]] = []

    def at(self, offset: int) -> Record | None:
        """Return the record at an offset; what is passed over has no answer."""
        while self._next is not None and self._next.offset < offset:
            self.unanswered.append(self._next.offset)
            self._next = next(self._records, None)
        if self._next is None or self._next.offset != offset:
            if offset >= self._first:
                self.invented.append(offset)
            return None
        found, self._next = self._next, next(self._records, None)
        return found

    def finish(self) -> None:
        """Whatever is left was never answered."""
        if self._next is not None:
            self.unanswered.append(self._next.offset)
        self.unanswered.extend(record.offset for record in self._records)


def joined(log: Iterator[Logged], inputs: Mapping[InputTopic, Inputs]) -> Iterator[Step]:
    """Yield each Decision with the record it answers."""
    for logged in log:
        source = logged.decision.source
        if isinstance(source, InputSource):
            yield Step(logged, inputs[source.topic].at(source.offset))
        else:
            yield Step(logged, None)
    for each in inputs.values():
        each.finish()
