"""Steps: one sealed Decision in, its facts out; after the last of a transaction, the totals too.

Owns: how facts become records of the partition that they come from.
Never: knows how a fact looks; that is the file of its topic.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, final

from schemas.codec import decode, encode
from schemas.messages.decisions import Decision
from streams.publish.facts import facts_of
from streams.publish.stamped import Stamp
from streams.publish.tables import Books
from streams.publish.totals import Totals
from streams.runtime.job import InputRecord, Output
from topics.catalog import TOTALS


@final
class PublishSteps:
    """One partition of the job; satisfies `streams.runtime.changelog.Steps`."""

    def __init__(self, books: Books, partition: int) -> None:
        self._travelling: Final = books.travelling
        self._totals: Final = Totals(books.totals, partition)
        self._partition: Final = partition

    def step(self, record: InputRecord) -> Sequence[Output]:
        """Publish one Decision."""
        decision = decode(Decision, record.value or b"")
        stamp = Stamp(decision, record.append_time)
        facts = facts_of(decision, stamp, self._travelling)
        at = (decision.sequence, decision.decided_at)
        self._totals.add(facts, stamp.day, at)
        outputs = [self._output(each.topic, each.key, each.fact) for each in facts]
        if decision.seal is not None:
            told = self._totals.told(at)
            outputs += [self._output(TOTALS.name, each.total_id, each) for each in told]
        return outputs

    def fire(self, until: int) -> Sequence[Output] | None:
        """Nothing is ever due: facts follow the log, not the clock."""
        del until
        return None

    def _output(self, topic: str, key: str, fact: object) -> Output:
        return Output(topic, self._partition, key.encode(), encode(fact))
