"""The virtual transactional producer: what librdkafka does, one request per step.

Owns: the client's side of a transaction: its epoch, the partitions it has added, its queue.
Never: learns of its fencing before the broker tells it with an answer.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Final, TypeVar, final

from ops.simulate.coordinator import Coordinator, NoTransactionError, Place, StaleEpochError
from ops.simulate.gate import Gate
from ops.simulate.log import Ending
from streams.runtime.errors import (
    AbortRequiredError,
    BrokerAwayError,
    FencedError,
    OutcomeUnknownError,
    ProducerFatalError,
)
from streams.runtime.fakes import Entry
from streams.runtime.job import LogRecord, Output

T = TypeVar("T")

RECORDS_PER_REQUEST: Final = 3
# What a failed produce may mean to a client; the first most often.
FAILURES: Final = (
    AbortRequiredError,
    AbortRequiredError,
    AbortRequiredError,
    ProducerFatalError,
    OutcomeUnknownError,
)


@final
class VirtualTransactions:
    """Satisfies `Transactions`."""

    def __init__(  # noqa: PLR0913 - what a client is made of
        self,
        gate: Gate,
        coordinator: Coordinator,
        writer: str,
        log: Place,
        wall_us: Callable[[], int],
        draw: Callable[[int], int],
    ) -> None:
        self._gate: Final = gate
        self._coordinator: Final = coordinator
        self._writer: Final = writer
        self._log: Final = log
        self._wall_us: Final = wall_us
        self._draw: Final = draw
        self._epoch: int | None = None
        self._begun = False
        self._added: set[Place] = set()
        self._queue: list[Output] = []

    def fence(self) -> None:
        """Ask for an epoch of our own."""
        self.drop()
        self._epoch = self._gate.io(
            "fence", lambda: self._coordinator.init(self._writer), BrokerAwayError
        )

    def begin(self) -> None:
        """Open a transaction: a matter of the client alone."""
        assert self._epoch is not None, "no producer: fence first"
        assert not self._begun, "a transaction is open already"
        self._gate.io("begin", self._added.clear)
        self._begun = True

    def send_log(self, records: Sequence[LogRecord]) -> int:
        """Send log records; return the offset of the last."""
        entries = [
            Entry("open", each.key, each.value, each.headers, self._now()) for each in records
        ]
        return self._produce("produce.log", self._log, entries)

    def send(self, outputs: Sequence[Output]) -> None:
        """Queue outputs; some leave at once, as a client's own thread may send them."""
        self._queue += outputs
        if self._draw(2):
            self._send(self._queue[: len(self._queue) // 2])

    def settle(self) -> None:
        """Send what is queued."""
        self._send(list(self._queue))

    def commit(self) -> None:
        """Send what is queued, then EndTxn."""
        self.settle()
        self._end("commit", "committed")

    def abort(self) -> None:
        """EndTxn that aborts."""
        self._queue = []
        self._end("abort", "aborted")

    def drop(self) -> None:
        """Forget the producer; what is queued is purged."""
        self._epoch, self._begun, self._queue = None, False, []

    def _now(self) -> int:
        return self._wall_us()

    def _send(self, outputs: Sequence[Output]) -> None:
        places = dict.fromkeys((output.topic, output.partition) for output in outputs)
        for place in places:
            there = [each for each in outputs if (each.topic, each.partition) == place]
            # A record's append time is the broker's, when it arrives.
            entries = [Entry("open", each.key, each.value, (), self._now()) for each in there]
            self._produce("produce.outputs", place, entries)
            self._queue = [each for each in self._queue if each not in there]

    def _produce(self, operation: str, place: Place, entries: Sequence[Entry]) -> int:
        assert self._begun, "a record outside a transaction"
        writer, epoch, offset = self._writer, self._living(), -1
        if place not in self._added:
            self._request(
                "add partition", lambda: self._coordinator.add(writer, epoch, place), self._lost
            )
            self._added.add(place)
        for start in range(0, len(entries), RECORDS_PER_REQUEST):
            some = entries[start : start + RECORDS_PER_REQUEST]
            append = partial(self._coordinator.append, writer, epoch, place, some)
            offset = self._request(operation, append, self._lost)
        return offset

    def _end(self, operation: str, ending: Ending) -> None:
        assert self._begun, f"{operation} outside a transaction"
        writer, epoch = self._writer, self._living()
        if self._added:
            self._request(
                operation,
                lambda: self._coordinator.end(writer, epoch, ending),
                OutcomeUnknownError,
            )
        self._begun = False

    def _request(
        self, operation: str, effect: Callable[[], T], lost: Callable[[str], Exception]
    ) -> T:
        try:
            return self._gate.io(operation, effect, lost)
        except StaleEpochError as error:
            raise FencedError(str(error)) from error
        except NoTransactionError as error:
            raise (ProducerFatalError, AbortRequiredError)[self._draw(2)](str(error)) from error

    def _lost(self, text: str) -> Exception:
        return FAILURES[self._draw(len(FAILURES))](text)

    def _living(self) -> int:
        assert self._epoch is not None, "no producer: fence first"
        return self._epoch
