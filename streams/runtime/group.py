"""The open group: which inputs and timers are decided next, until it is time to commit.

Owns: the drain order, timers before records, the bounds of a group, the next input positions.
Never: commits, waits, or looks into an outcome.
"""

from __future__ import annotations

from typing import Final

from streams.runtime.crashpoints import MID_STEP
from streams.runtime.errors import FutureInputError, UntimedInputError
from streams.runtime.job import InputRecord, Outcome, PartitionJob, Positions
from streams.runtime.limits import Limits
from streams.runtime.mailbox import Mailbox
from streams.runtime.ports import HandOver, Ports


class OpenGroup:
    """Decides on the overlay whatever has arrived. One object serves group after group."""

    def __init__(
        self,
        job: PartitionJob,
        mailbox: Mailbox,
        positions: Positions,
        ports: Ports,
        limits: Limits,
    ) -> None:
        self._job: Final = job
        self._mailbox: Final = mailbox
        self._clock: Final = ports.clock
        self._limits: Final = limits
        self._passing: Final = ports.passing
        # `positions` is in the order of the job's inputs: the order in which they are drained.
        self._topics: Final = tuple(positions)
        self._current: dict[str, tuple[HandOver, int] | None] = dict.fromkeys(positions)
        self._positions: dict[str, int] = dict(positions)
        self.outcomes: list[Outcome] = []
        self.record: InputRecord | None = None  # what is being decided, for the name of a halt
        self.records = 0
        self._timers = 0
        self._bytes = 0
        self._since = 0.0

    def positions(self) -> Positions:
        """Return the next offset to read of every input."""
        return dict(self._positions)

    def collect(self) -> None:
        """Decide timers and records until the group is full or nothing waits."""
        while not self._full():
            topic = self._next_topic()
            if topic is None:
                return
            self._collect_from(topic)

    def fire_idle(self) -> None:
        """Fire what is due a while behind the wall clock; only when no input waits."""
        self._fire(self._clock.wall_us() - self._limits.idle_lag_us)

    def wait_s(self, commit_s: float) -> float | None:
        """Return how long the group may wait for company: 0 = commit now, None = it is empty.

        It waits for as long as the last commit took, `commit_s`: a broker that has become slow is
        helped by fewer and larger transactions, and one that is quick is not waited for.
        """
        if not self.outcomes:
            return None
        if self._full():
            return 0.0
        limits = self._limits
        wait = min(max(limits.group_wait_s, commit_s), limits.group_busy_s)
        return max(0.0, self._since + wait - self._clock.monotonic())

    def restart(self) -> None:
        """The group was committed: open the next."""
        self.outcomes = []
        self.records = self._timers = self._bytes = 0

    def _next_topic(self) -> str | None:
        for topic in self._topics:
            while self._current[topic] is None:
                hand_over = self._mailbox.take(topic)
                if hand_over is None:
                    break
                self._accept(topic, hand_over)
            if self._current[topic] is not None:
                return topic
        return None

    def _accept(self, topic: str, hand_over: HandOver) -> None:
        if hand_over.records:
            self._current[topic] = (hand_over, 0)
        else:
            self._positions[topic] = hand_over.after

    def _collect_from(self, topic: str) -> None:
        """Decide the current hand-over of one topic, as far as the group has room."""
        current = self._current[topic]
        assert current is not None
        hand_over, index = current
        records, untimed = hand_over.records, hand_over.untimed
        latest = self._clock.wall_us() + self._limits.future_us
        count = len(records)
        while index < count and not self._full():
            record = self.record = records[index]
            if untimed is not None and record.offset >= untimed:
                raise _untimed(record)
            if record.append_time > latest:
                raise _future(record, self._clock.wall_us())
            if not self._fire(record.append_time):
                break
            self._add(self._job.step(record))
            self.records += 1
            index += 1
            self._positions[topic] = record.offset + 1
            self._passing(MID_STEP)
        self.record = None
        self._current[topic] = (hand_over, index) if index < count else None
        if index == count:
            self._positions[topic] = hand_over.after

    def _fire(self, until: int) -> bool:
        """Fire every timer due; False when the group has no room for more and some may be left."""
        fire = self._job.fire
        while self._timers < self._limits.group_timers:
            outcome = fire(until)
            if outcome is None:
                return True
            self._timers += 1
            self._add(outcome)
        return False

    def _add(self, outcome: Outcome) -> None:
        if not self.outcomes:
            self._since = self._clock.monotonic()
        self.outcomes.append(outcome)
        self._bytes += outcome.size

    def _full(self) -> bool:
        if not self.outcomes:
            return False
        limits = self._limits
        return (
            self.records >= limits.group_records
            or self._bytes >= limits.group_bytes
            or self._timers >= limits.group_timers
            or self._clock.monotonic() - self._since >= limits.group_busy_s
        )


def _untimed(record: InputRecord) -> UntimedInputError:
    return UntimedInputError(
        f"{record.topic}[{record.partition}] offset {record.offset} carries no LogAppendTime: "
        f"set message.timestamp.type=LogAppendTime on the topic {record.topic}"
    )


def _future(record: InputRecord, now: int) -> FutureInputError:
    return FutureInputError(
        f"{record.topic}[{record.partition}] offset {record.offset} was appended "
        f"{(record.append_time - now) // 1_000_000} s ahead of this worker's clock: "
        f"one of the two clocks is wrong, and its time would stay in the ledger for ever"
    )
