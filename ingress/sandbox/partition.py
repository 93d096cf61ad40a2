"""One partition of a sandbox: the wallet job over tables in memory.

Owns: its inputs' offsets, its log, and that each input is a group of its own.
Never: decides; the job does. Knows another partition; whoever holds both carries legs across.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, final

from streams.runtime.fakes_local import FakeDisk
from streams.runtime.job import InputRecord, LogRecord, Outcome, Output
from streams.runtime.overlay import OverlayState
from streams.wallet.tables import open_view

if TYPE_CHECKING:
    from ledger.view import PartitionView
    from streams.wallet.job import WalletJob

APPLIED: Final = b"sandbox"


@final
class SandboxPartition:
    """Decides one record at a time."""

    def __init__(self, job: WalletJob, number: int) -> None:
        self.number: Final = number
        self.log: Final[list[LogRecord]] = []
        self._overlay: Final = OverlayState(job.tables, FakeDisk().open())
        self._job: Final = job.open(self._overlay, number)
        self._positions: Final = {topic.name: 0 for topic in job.inputs}

    @property
    def view(self) -> PartitionView:
        """The tables, to look at."""
        return open_view(self._overlay)

    @property
    def due(self) -> int | None:
        """When the next timer fires, microseconds; None when there is none."""
        first = self.view.timers.first(1)
        return first[0][1].due if first else None

    def offset(self, topic: str) -> int:
        """Return where the next record of an input lies."""
        return self._positions[topic]

    def take(self, topic: str, key: bytes | None, value: bytes | None, at: int) -> list[Output]:
        """Decide a record that came at a time, microseconds; return what goes out."""
        record = InputRecord(topic, self.number, self._positions[topic], at, key, value)
        answers: list[Outcome] = []
        while (fired := self._job.fire(at)) is not None:
            answers.append(fired)
        answers.append(self._job.step(record))
        self._positions[topic] += 1
        return self._commit(answers)

    def fire(self, at: int) -> list[Output]:
        """Fire the first timer that is due by a time; return what goes out."""
        fired = self._job.fire(at)
        return [] if fired is None else self._commit([fired])

    def _commit(self, answers: list[Outcome]) -> list[Output]:
        group = self._job.seal(answers, self._positions)
        for record in group.log:
            self.log.append(LogRecord(record.key, record.value, record.headers, len(self.log)))
        self._overlay.fold()
        self._overlay.flush(APPLIED)
        return list(group.outputs)
