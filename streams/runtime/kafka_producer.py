"""The transactional producer of one partition, on confluent-kafka.

Owns: the producer's settings, its deadlines, and what each error means (`kafka_errors.py`).
Never: decides what follows an error; never calls again after an outcome became unknown.

Every record names its transaction in the header `attempt`: whose, since when, the how-manieth. So
anybody can see that of an aborted one nothing is left (`ops/checker/attempts.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Final, final

from confluent_kafka import KafkaError, KafkaException, Message, Producer

from schemas.access.kafka import Servers, entering
from streams.runtime.errors import BrokerAwayError, OutcomeUnknownError, ProducerFatalError
from streams.runtime.job import LogRecord, Output
from streams.runtime.kafka_errors import cause_of, producer_fault
from streams.runtime.ports import Clock, Watch
from topics.refusal import refusal

TRANSACTION_TIMEOUT_MS: Final = 10_000
# One call's own patience, and how long a retriable call is repeated: together less than the 20 s
# after which the watchdog ends the process.
CALL_S: Final = 5.0
DEADLINE_S: Final = 12.0
ATTEMPT_HEADER: Final = "attempt"
# Delivery reports are served while sending; without it 100,000 would pile up.
QUEUE_FULL_WAIT_S: Final = 0.01


def producer_settings(servers: Servers, transactional_id: str) -> dict[str, str | int | bool]:
    """Return the exact settings of the producer."""
    return {
        **entering(servers),
        "transactional.id": transactional_id,
        "client.id": transactional_id,
        "enable.idempotence": True,
        "acks": "all",
        "transaction.timeout.ms": TRANSACTION_TIMEOUT_MS,
        # A flush does not wait for it; it only lets batches fill while a group is being sent.
        "linger.ms": 5,
        # The log's topic is zstd: anything else would be compressed again by the broker.
        "compression.type": "zstd",
        # The default of 100 ms makes small transactions 50 times slower.
        "retry.backoff.ms": 10,
        # Connecting only when needed costs half of all new producers another 500 ms in
        # init_transactions.
        "enable.sparse.connections": False,
        # Every record names its partition; should one ever not, it must land where Java would.
        "partitioner": "murmur2_random",
    }


@final
class KafkaTransactions:
    """Satisfies `Transactions`."""

    def __init__(
        self,
        servers: Servers,
        transactional_id: str,
        log: tuple[str, int],
        clock: Clock,
        watch: Watch,
    ) -> None:
        self._settings: Final = producer_settings(servers, transactional_id)
        self._servers: Final = servers
        self._name: Final = transactional_id
        self._log: Final = log
        self._clock: Final = clock
        self._watch: Final = watch
        self._producer: Producer | None = None
        self._failed: KafkaError | None = None
        self._refused = ""
        self._acknowledged = -1
        self._fenced_at = self._begun = 0
        self._attempt = (ATTEMPT_HEADER, b"")

    def fence(self) -> None:
        """Drop any producer we have, make a new one, fence every predecessor."""
        self.drop()
        producer = Producer(self._settings)
        self._watch.arm("init_transactions")
        try:
            producer.init_transactions(DEADLINE_S)
        except KafkaException as error:
            cause = cause_of(error)
            what = refusal(self._servers, cause.code(), self._name) or "init_transactions"
            fault = producer_fault(cause, what)
            raise fault or BrokerAwayError(f"{what}: {cause.str()}") from error
        finally:
            self._watch.disarm()
        self._producer = producer
        self._fenced_at, self._begun = self._clock.wall_us(), 0

    def begin(self) -> None:
        """Open a transaction."""
        self._failed = None
        self._begun += 1
        name = f"{self._name}/{self._fenced_at}/{self._begun}"
        self._attempt = (ATTEMPT_HEADER, name.encode())
        self._call("begin", self._living().begin_transaction)

    def send_log(self, records: Sequence[LogRecord]) -> int:
        """Send log records, wait until all are acknowledged; return the offset of the last."""
        topic, partition = self._log
        self._acknowledged = -1
        produce, delivered, attempt = self._living().produce, self._delivered, self._attempt

        def send(index: int) -> None:
            record = records[index]
            produce(
                topic,
                record.value,
                record.key,
                partition,
                on_delivery=delivered,
                headers=[*record.headers, attempt],
            )

        self._queue(send, len(records))
        self.settle()
        assert self._acknowledged >= 0, "an acknowledged record has an offset"
        return self._acknowledged

    def send(self, outputs: Sequence[Output]) -> None:
        """Queue outputs; `settle` or `commit` waits for them."""
        produce, attempt = self._living().produce, self._attempt

        def send(index: int) -> None:
            output = outputs[index]
            headers: list[tuple[str, str | bytes | None]] = [*output.headers, attempt]
            produce(output.topic, output.value, output.key, output.partition, headers=headers)

        self._queue(send, len(outputs))

    def settle(self) -> None:
        """Wait until the broker has acknowledged everything queued."""
        self._watch.arm("flush")
        try:
            left = self._serve(partial(self._living().flush, DEADLINE_S))
        finally:
            self._watch.disarm()
        if self._failed is not None:
            what = self._refused or "produce"
            fault = producer_fault(self._failed, what)
            raise fault or ProducerFatalError(f"{what}: {self._failed.str()}")
        if left:
            raise OutcomeUnknownError(f"flush: {left} records unacknowledged in {DEADLINE_S:.0f} s")

    def commit(self) -> None:
        """Commit. Returns only when the broker said so."""
        self._call("commit", lambda: self._living().commit_transaction(CALL_S))

    def abort(self) -> None:
        """Abort. Returns only when the broker said so; not insisted on: fencing aborts too."""
        self._call("abort", lambda: self._living().abort_transaction(CALL_S), deadline_s=CALL_S)

    def drop(self) -> None:
        """Forget the producer object without another word to the broker."""
        producer, self._producer = self._producer, None
        if producer is not None:
            producer.purge()

    def _living(self) -> Producer:
        assert self._producer is not None, "no producer: fence first"
        return self._producer

    def _delivered(self, error: KafkaError | None, message: Message) -> None:
        if error is not None:
            self._failed = self._failed or error
            self._refused = refusal(self._servers, error.code(), message.topic() or "")
        else:
            offset = message.offset()
            assert offset is not None
            self._acknowledged = offset

    def _queue(self, send: Callable[[int], None], count: int) -> None:
        """Queue records 0..count-1, waiting while the client's queue is full."""
        index = 0
        while index < count:
            try:
                while index < count:
                    send(index)
                    index += 1
            except BufferError:
                self._serve(partial(self._living().poll, QUEUE_FULL_WAIT_S))
            except KafkaException as error:
                fault = producer_fault(cause_of(error), "produce")
                raise fault or ProducerFatalError(f"produce: {error}") from error

    def _serve(self, call: Callable[[], int]) -> int:
        """Let the client report deliveries.

        When it meets a fatal error in there, it leaves the exception pending and calls the next
        delivery callback all the same: what then comes out is a SystemError about the client
        itself. The producer knows the reason, and tells it with any further call.
        """
        try:
            return call()
        except KafkaException as error:
            fault = producer_fault(cause_of(error), "flush")
            raise fault or ProducerFatalError(f"flush: {error}") from error
        except SystemError as error:
            self._call(
                "abort after a failed flush", partial(self._living().abort_transaction, CALL_S)
            )
            raise ProducerFatalError(f"flush: {error}") from error

    def _call(self, name: str, call: Callable[[], None], deadline_s: float = DEADLINE_S) -> None:
        """Make a transactional call, again while it is retriable and the deadline is not over."""
        self._watch.arm(name)
        until = self._clock.monotonic() + deadline_s
        try:
            while True:
                try:
                    return call()
                except KafkaException as error:
                    cause = cause_of(error)
                    fault = producer_fault(cause, name)
                    if fault is not None:
                        raise fault from error
                    if self._clock.monotonic() >= until:
                        raise OutcomeUnknownError(f"{name}: {cause.str()}") from error
        finally:
            self._watch.disarm()
