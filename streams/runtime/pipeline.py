"""The commit of one group, step by step.

Owns: the order log -> outputs -> commit -> store, and the pause between two transactions.
Never: goes on after an error. Every error here leaves as an exception of `errors.py`, and what had
become of the transaction is decided by the log in recovery.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from streams.runtime.applied import applied_bytes
from streams.runtime.crashpoints import AFTER_COMMIT, AFTER_PRODUCE
from streams.runtime.job import Group, Output, Positions
from streams.runtime.metrics import Meter
from streams.runtime.overlay import OverlayState
from streams.runtime.ports import Ports, Transactions


class Pipeline:
    """Commits sealed groups of one partition."""

    def __init__(
        self, overlay: OverlayState, log: tuple[str, str], ports: Ports, meter: Meter
    ) -> None:
        self._transactions: Final = ports.transactions
        self._overlay: Final = overlay
        self._log_topic, self._log_topic_id = log
        self._clock: Final = ports.clock
        self._meter: Final = meter
        self._passing: Final = ports.passing
        self._snapshots: Final = ports.snapshots
        self._last = 0.0
        self.took_s = 0.0  # the last commit, from its beginning

    def pause_s(self, gap_s: float) -> float:
        """Return how long the producer must still rest before its next transaction."""
        return max(0.0, self._last + gap_s - self._clock.monotonic())

    def commit(self, group: Group, positions: Positions) -> None:
        """Make a sealed group true."""
        transactions, lap = self._transactions, self._meter.lap
        began = self._clock.monotonic()
        transactions.begin()
        # 1. The log first: until it is acknowledged nothing else may become visible.
        last_offset = transactions.send_log(group.log)
        lap("log")
        # 2. What follows from it.
        send_outputs(transactions, group.outputs, self._log_topic)
        lap("outputs")
        self._passing(AFTER_PRODUCE)
        # 3. The only commit there is.
        transactions.commit()
        self._last = self._clock.monotonic()
        self.took_s = self._last - began
        lap("commit")
        self._passing(AFTER_COMMIT)
        # 4. The local store follows; should we die before it does, recovery folds the log.
        self._overlay.fold()
        self._overlay.flush(applied_bytes(self._log_topic_id, last_offset + 1, positions))
        lap("store")
        if self._snapshots is not None:
            self._snapshots.passed(self._log_topic_id, last_offset + 1, group.log[-1].headers)
        self._meter.committed(group, self.took_s)


def send_outputs(transactions: Transactions, outputs: Sequence[Output], log_topic: str) -> None:
    """Send outputs; those for the log itself close the group and go last, after all others."""
    others = [output for output in outputs if output.topic != log_topic]
    transactions.send(others)
    if len(others) < len(outputs):
        transactions.settle()
        transactions.send([output for output in outputs if output.topic == log_topic])
