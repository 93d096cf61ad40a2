"""Producer: commands in, one typed delivery each.

Owns: where a command goes (murmur2 of its wallet id), its retries, the queue's bound.
Never: looks at balances, repeats a command under another id, drops one silently.

The command id is the idempotency key: whoever is not sure whether a command arrived sends it
again with the same id, and the ledger answers DUPLICATE with the first outcome.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from threading import Event, Thread
from time import monotonic
from typing import Final

from confluent_kafka import TIMESTAMP_LOG_APPEND_TIME, KafkaError, Message, Producer
from typing_extensions import override

from eyes.spans import Span, Spans
from eyes.trace import HEADER, Trace, begun, read
from ingress.sdk.client import partition_count, producer_config
from ingress.sdk.errors import ClosedError, DeliveryFailedError, QueueFullError, SdkError
from ingress.sdk.fields import check_command
from ingress.sdk.sending import Delivered, OnDelivery, Sending, stamp
from ingress.sdk.stamp import now_us
from schemas.access.kafka import Servers
from schemas.codec import encode
from schemas.messages.commands import WalletCommand
from topics.catalog import COMMANDS
from topics.partitioning import partition_of
from topics.refusal import refusal

__all__ = ["Delivered", "LedgerProducer", "ProducerSettings", "stamp"]

Headers = list[tuple[str, str | bytes | None]] | None

PRODUCED: Final = "produced"  # the span from here to the acknowledgement
POLL_S: Final = 0.05  # how long a delivery may wait for the thread that reports it


@dataclass(frozen=True, slots=True)
class ProducerSettings:
    """How a producer behaves. Times in seconds or milliseconds, as their names say."""

    topic: str = COMMANDS.name
    queue_max: int = 20_000  # commands sent and not yet acknowledged
    queue_wait_s: float = 30.0  # how long `send` waits for room before QueueFullError
    linger_ms: float = 2.0  # how long a command may wait for others of its partition
    connect_timeout_s: float = 10.0
    trace_ratio: float = 0.0  # share of the commands without a trace that begin one


DEFAULTS: Final = ProducerSettings()


class LedgerProducer(Sending):
    """Sends commands to the ledger. Safe to use from several threads; close it, or use `with`.

    Raises `BrokerUnreachableError` or `TopicMissingError` when it is made.
    """

    def __init__(
        self,
        address: Servers,
        settings: ProducerSettings = DEFAULTS,
        spans: Spans | None = None,
    ) -> None:
        """Connect to the broker at `address` (host:port, several separated by commas).

        `spans` is told of each traced command, from here to its acknowledgement.
        """
        config = producer_config(address, settings.queue_max, settings.linger_ms)
        self._producer: Final = Producer(config)
        self._settings: Final = settings
        self._address: Final = address
        self._spans: Final = spans
        self.partitions: Final = partition_count(
            self._producer, address, settings.topic, settings.connect_timeout_s
        )
        self._closed: Final = Event()
        self._reporter: Final = Thread(target=self._report, name="ledger-deliveries", daemon=True)
        self._reporter.start()

    @override
    def post(self, command: WalletCommand, on_delivery: OnDelivery, traceparent: str = "") -> None:
        """Send a complete command and be called back on the reporting thread: cheaper than `send`.

        `on_delivery` must be quick and must not raise. Raises as `send` does.
        """
        check_command(command)
        value = encode(command)
        partition = partition_of(command.wallet_id, self.partitions)
        command_id = command.command_id
        trace, told = self._traced(command, traceparent)

        def report(error: KafkaError | None, message: Message) -> None:
            if told is not None:
                told()
            on_delivery(self._outcome(command_id, error, message))

        headers: Headers = None if trace is None else [(HEADER, trace.header)]
        self._queue((command.wallet_id.encode(), value, partition), headers, report)

    def _traced(
        self, command: WalletCommand, traceparent: str
    ) -> tuple[Trace | None, Callable[[], None] | None]:
        """Return the trace that the record says, and what tells of its delivery, if anything."""
        names, ratio = (command.wallet_id, command.command_id), self._settings.trace_ratio
        if not traceparent and not ratio:
            return None, None
        given = read(traceparent)
        trace, parent = (begun(*names, ratio), "") if given is None else (given, given.span_id)
        spans = self._spans
        if trace is None or spans is None or not trace.sampled:
            return trace, None
        began = now_us()
        own = trace if given is None else trace.child(PRODUCED, *names, began)

        def told() -> None:
            about = {"ledger.command_id": command.command_id}
            spans.tell(Span(PRODUCED, own, parent, began, now_us(), "producer", about))

        return own, told

    def flush(self, timeout_s: float = 30.0) -> int:
        """Wait until everything sent is acknowledged; return how many commands still are not."""
        return self._producer.flush(timeout_s)

    @override
    def close(self, timeout_s: float = 30.0) -> None:
        """Flush and stop. Raises `SdkError` when commands were left without an acknowledgement."""
        if self._closed.is_set():
            return
        left = self.flush(timeout_s)
        self._closed.set()
        self._reporter.join()
        if left:
            raise SdkError(f"{left} commands were not acknowledged within {timeout_s:.0f} s")

    def _queue(
        self,
        record: tuple[bytes, bytes, int],
        headers: Headers,
        report: Callable[[KafkaError | None, Message], None],
    ) -> None:
        key, value, partition = record
        deadline = 0.0
        while not self._closed.is_set():
            try:
                self._producer.produce(
                    self._settings.topic,
                    value,
                    key,
                    partition,
                    on_delivery=report,
                    headers=headers,
                )
            except BufferError:
                now = monotonic()
                deadline = deadline or now + self._settings.queue_wait_s
                if now >= deadline:
                    wait_s = self._settings.queue_wait_s
                    raise QueueFullError(len(self._producer), wait_s) from None
                self._producer.poll(POLL_S)
            else:
                return
        raise ClosedError("the producer is closed")

    def _outcome(
        self, command_id: str, error: KafkaError | None, message: Message
    ) -> Delivered | DeliveryFailedError:
        if error is None:
            return _delivered(command_id, message)
        topic = message.topic() or self._settings.topic
        why = refusal(self._address, error.code(), topic) or error.str()
        return DeliveryFailedError(command_id, topic, message.partition() or 0, why)

    def _report(self) -> None:
        """Call back for every acknowledged command, until closed."""
        while not self._closed.is_set():
            self._producer.poll(POLL_S)


def _delivered(command_id: str, message: Message) -> Delivered:
    topic, partition = message.topic() or "", message.partition() or 0
    offset = message.offset()
    assert offset is not None, "an acknowledged record has an offset"
    kind, append_time_ms = message.timestamp()
    appended = append_time_ms * 1_000 if kind == TIMESTAMP_LOG_APPEND_TIME else None
    return Delivered(command_id, topic, partition, offset, appended)
