"""Check 7, first half: deciding every input again gives the very bytes that are in the log.

Owns: a fold of the log in a folder of its own, and the shipped step run on it, input by input.
Never: keeps what it decided: after each comparison the step is rolled back and the log's own
Decision is folded, so that one difference does not make the next.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, final

from ledger.errors import InvariantError
from ledger.fold import close_group, fold
from ledger.place import Place
from ledger.sealing import LogError
from ledger.view import PartitionView
from ops.checker.report import Result
from ops.checker.steps import Step
from schemas.codec import encode
from schemas.messages.decisions import Decision, InputSource, TimerSource
from streams.runtime.errors import RuntimeFault
from streams.runtime.job import InputRecord, Positions
from streams.runtime.overlay import OverlayState
from streams.runtime.ports import Store
from streams.wallet.catalogued import TOPIC_NAMES
from streams.wallet.job import WalletJob
from streams.wallet.seal import sealed
from streams.wallet.step import DROPPED, Answer

FLUSH_EVERY: Final = 2_000  # rows
SHOWN: Final = 200

# Somebody who looks at the state in which an input was decided, and at its Decision.
Look = Callable[[PartitionView, Place, InputRecord, Decision], None]


@final
class Again:
    """One partition, folded into `store` and decided again on the way."""

    def __init__(
        self,
        result: Result,
        job: WalletJob,
        partition: int,
        store: Store,
        look: Look | None = None,
    ) -> None:
        self._result: Final = result
        self._look: Final = look
        self._overlay: Final = OverlayState(job.tables, store)
        self._partition: Final = job.open(self._overlay, partition)
        self.positions: Positions = {}
        self.next_offset = 0
        self._lost = False

    def take(self, step: Step) -> None:
        """Decide again, compare, and fold what the log says."""
        if self._lost:
            return
        decision = step.decision
        self._result.looked_at += 1
        try:
            self._compare(step, decision)
        except (InvariantError, RuntimeFault, LogError) as error:
            self._result.add(step.where, f"cannot be decided again: {error}")
        self._overlay.rollback()
        self.follow(step)

    def follow(self, step: Step) -> None:
        """Fold what the log says, without deciding it again."""
        if self._lost:
            return
        decision = step.decision
        try:
            fold(self._partition.view, decision)
        except InvariantError as error:
            self._result.add(step.where, f"cannot be folded, nor what follows: {error}")
            self._lost = True
            return
        if step.logged.chain is not None:
            close_group(self._partition.view, step.logged.chain)
            assert decision.seal is not None, "the chain is given with the seal"
            self.positions = {each.topic: each.offset for each in decision.seal.next_positions}
            self.next_offset = step.logged.offset + 1
        if self._overlay.fold() >= FLUSH_EVERY:
            self._overlay.flush(b"")

    def end(self) -> None:
        """Write the rest of the rows to the store."""
        self._overlay.flush(b"")

    def _compare(self, step: Step, decision: Decision) -> None:
        if step.record is None and decision.reason in DROPPED:
            return  # its bytes are gone
        answer = self._decided(step, decision)
        if answer is None:
            self._result.add(step.where, f"no timer is due, the log says {decision.source}")
            return
        seal = decision.seal
        ours = answer.decision if seal is None else sealed(answer.decision, seal)
        if encode(ours) != step.logged.value:
            self._result.add(
                step.where, f"would be decided otherwise: {difference(ours, decision)}"
            )

    def _decided(self, step: Step, decision: Decision) -> Answer | None:
        source = decision.source
        if isinstance(source, TimerSource):
            return self._partition.fire(source.due)
        given = input_of(step, decision, source)
        if self._look is not None:
            self._look(self._partition.view, self._partition.place, given, decision)
        return self._partition.step(given)


def input_of(step: Step, decision: Decision, source: InputSource) -> InputRecord:
    """Return the input of a Decision: as it lies on its topic, else as the Decision keeps it."""
    topic, record = TOPIC_NAMES[source.topic], step.record
    key, value = (source.key, decision.input) if record is None else (record.key, record.value)
    return InputRecord(topic, decision.partition, source.offset, source.append_time, key, value)


def difference(ours: Decision, theirs: Decision) -> str:
    """Name the fields in which two Decisions differ."""
    fields = [
        f"{name} {getattr(ours, name)!r}"[:SHOWN] + f", logged {getattr(theirs, name)!r}"[:SHOWN]
        for name in Decision.__match_args__
        if getattr(ours, name) != getattr(theirs, name)
    ]
    return "; ".join(fields) or "equal fields, other bytes"
