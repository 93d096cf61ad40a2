"""Watch: the log as everybody may see it, read along while the simulation runs.

Owns: the sealed groups of every partition so far, their sums, the auditor's opinion of each
Decision, what was found wrong on the way.
Never: looks at anything a committed reader could not see.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, final

from ledger.sealing import CHAIN_HEADER, LogError, SealedGroup, SealReader
from ops.audit.totals import Totals
from ops.auditor.auditor import Auditor, Given
from ops.simulate.reader import Logs
from schemas.codec import decode
from schemas.messages.decisions import Decision, InputSource
from schemas.messages.events import LegReceived
from schemas.messages.vocabulary import InboxState
from streams.runtime.job import ReadInput
from streams.wallet.catalogued import TOPIC_NAMES
from topics.catalog import EVENTS

ALL: Final = 1_000_000


@final
class Watch:
    """A reader of the whole log."""

    def __init__(
        self, partitions: int, logs: Logs, auditor: Auditor, read_input: ReadInput
    ) -> None:
        self.groups: Final[list[list[SealedGroup]]] = [[] for _ in range(partitions)]
        self.totals: Final = Totals()
        self.findings: list[str] = []
        self._logs: Final = logs
        self._auditor: Final = auditor
        self._read_input: Final = read_input
        self._readers: Final = [SealReader(number, _decision) for number in range(partitions)]
        self._reached: Final = [0] * partitions

    @property
    def committed(self) -> int:
        """Return how many sealed groups there are."""
        return sum(map(len, self.groups))

    @property
    def voided(self) -> int:
        """Return how many Decisions of torn transactions lie in the log."""
        return sum(reader.voided for reader in self._readers)

    @property
    def answered(self) -> int:
        """Return how many commands have their Decision."""
        return self.totals.commands

    def positions(self, partition: int) -> dict[str, int]:
        """Return the next input positions, as the last seal of a partition says."""
        groups = self.groups[partition]
        seal = groups[-1].decisions[-1].seal if groups else None
        return {} if seal is None else {each.topic: each.offset for each in seal.next_positions}

    def look(self) -> None:
        """Read what has become visible since."""
        for number, reader in enumerate(self._readers):
            log = self._logs((EVENTS.name, number))
            for offset in log.visible(self._reached[number], ALL):
                self._reached[number] = offset + 1
                entry = log.entries[offset]
                chain = dict(entry.headers).get(CHAIN_HEADER)
                try:
                    group = reader.take(offset, entry.value or b"", chain)
                except LogError as error:
                    self.findings.append(f"the log is damaged: {error}")
                    return
                if group is not None:
                    self._add(number, group)

    def _add(self, number: int, group: SealedGroup) -> None:
        self.groups[number].append(group)
        for decision in group.decisions:
            self.totals.add(decision)
            self.findings += self._judged(decision)
        self.findings.extend(self.totals.findings)
        self.totals.findings.clear()

    def _judged(self, decision: Decision) -> Iterator[str]:
        """Ask the auditor, and look for what may not happen here at all."""
        for event in decision.events:
            if isinstance(event, LegReceived) and event.state is InboxState.PARKED:
                yield f"{_name(decision)} no longer knows leg {event.pair_seq}, which came again"
        source, given = decision.source, None
        if isinstance(source, InputSource):
            name = TOPIC_NAMES[source.topic]
            record = self._read_input(name, decision.partition, source.offset)
            if record is None:
                yield f"{_name(decision)} answers {name} {source.offset}, which is not there"
                return
            given = Given(record.append_time, record.key, record.value)
        for difference in self._auditor.take(decision, given):
            yield f"the auditor says otherwise: {difference}"


def _name(decision: Decision) -> str:
    return f"partition {decision.partition} #{decision.sequence}"


def _decision(value: bytes) -> Decision:
    return decode(Decision, value)
