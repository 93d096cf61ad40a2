"""Producer: commands in, one typed delivery each.

Owns: where a command goes (murmur2 of its wallet id), its stamp, its retries, the queue's bound.
Never: looks at balances, repeats a command under another id, drops one silently.

The command id is the idempotency key: whoever is not sure whether a command arrived sends it
again with the same id, and the ledger answers DUPLICATE with the first outcome.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from threading import Event, Thread
from time import monotonic
from types import TracebackType
from typing import Final, Self

from confluent_kafka import TIMESTAMP_LOG_APPEND_TIME, KafkaError, Message, Producer

from ingress.sdk.client import partition_count, producer_config
from ingress.sdk.directory import AliasDirectory
from ingress.sdk.errors import ClosedError, DeliveryFailedError, QueueFullError, SdkError
from ingress.sdk.fields import check_command
from ingress.sdk.stamp import new_command_id, now_us
from schemas.codec import encode
from schemas.messages.commands import Command, Condition, WalletCommand
from schemas.values import Money
from topics.catalog import COMMANDS
from topics.partitioning import partition_of

POLL_S: Final = 0.05  # how long a delivery may wait for the thread that reports it


@dataclass(frozen=True, slots=True)
class ProducerSettings:
    """How a producer behaves. Times in seconds or milliseconds, as their names say."""

    topic: str = COMMANDS.name
    queue_max: int = 20_000  # commands sent and not yet acknowledged
    queue_wait_s: float = 30.0  # how long `send` waits for room before QueueFullError
    linger_ms: float = 2.0  # how long a command may wait for others of its partition
    connect_timeout_s: float = 10.0


@dataclass(frozen=True, slots=True)
class Delivered:
    """A command is on the topic of commands.

    append_time_us: The broker's time, microseconds since 1970-01-01 UTC; None if it kept ours.
    """

    command_id: str
    topic: str
    partition: int
    offset: int
    append_time_us: int | None


OnDelivery = Callable[[Delivered | DeliveryFailedError], None]
DEFAULTS: Final = ProducerSettings()


class LedgerProducer:
    """Sends commands to the ledger. Safe to use from several threads; close it, or use `with`.

    Raises `BrokerUnreachableError` or `TopicMissingError` when it is made.
    """

    def __init__(self, address: str, settings: ProducerSettings = DEFAULTS) -> None:
        """Connect to the broker at `address` (host:port, several separated by commas)."""
        config = producer_config(address, settings.queue_max, settings.linger_ms)
        self._producer: Final = Producer(config)
        self._settings: Final = settings
        self.partitions: Final = partition_count(
            self._producer, address, settings.topic, settings.connect_timeout_s
        )
        self._closed: Final = Event()
        self._reporter: Final = Thread(target=self._report, name="ledger-deliveries", daemon=True)
        self._reporter.start()

    def __enter__(self) -> Self:
        """Return the producer."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Wait for every delivery, then close."""
        self.close()

    def send(  # noqa: PLR0913 - one argument per field of the envelope
        self,
        wallet_id: str,
        body: Command,
        *,
        command_id: str | None = None,
        issued_at_us: int | None = None,
        conditions: tuple[Condition, ...] = (),
        dry_run: bool = False,
    ) -> Future[Delivered]:
        """Send a command to the wallet that decides; amounts in `body` are minor units.

        A condition that does not hold when the command is decided rejects it CONDITION_FAILED.
        A dry run has no effect; its result says what would have been.

        The id is a new UUID and the time the caller's clock unless given. The future holds a
        `Delivered`, or raises `DeliveryFailedError`. Delivered means: it will be decided; the
        decision itself comes as a result (`ResultReader`).

        Raises `CommandRefusedError` naming the field, `QueueFullError`, `ClosedError`.
        """
        stamped = stamp(
            wallet_id,
            body,
            command_id=command_id,
            issued_at_us=issued_at_us,
            conditions=conditions,
            dry_run=dry_run,
        )
        return self.send_command(stamped)

    def send_to_alias(
        self,
        directory: AliasDirectory,
        wallet_id: str,
        alias: str,
        amount: Money,
        *,
        command_id: str | None = None,
    ) -> Future[Delivered]:
        """Pay whoever is behind an alias; nobody yet: the money waits as a claim.

        The wallet is looked up now and written into the command. To repeat a command that may not
        have arrived, make it once (`stamp(wallet_id, directory.body(alias, amount))`) and send it
        with `send_command` as often as needed. Raises as `send` does, and what the directory does.
        """
        return self.send(wallet_id, directory.body(alias, amount), command_id=command_id)

    def send_command(self, command: WalletCommand) -> Future[Delivered]:
        """Send a complete command; see `send`."""
        promise: Future[Delivered] = Future()

        def keep(outcome: Delivered | DeliveryFailedError) -> None:
            if isinstance(outcome, Delivered):
                promise.set_result(outcome)
            else:
                promise.set_exception(outcome)

        self.post(command, keep)
        return promise

    def post(self, command: WalletCommand, on_delivery: OnDelivery) -> None:
        """Send a complete command and be called back on the reporting thread: cheaper than `send`.

        `on_delivery` must be quick and must not raise. Raises as `send` does.
        """
        check_command(command)
        value = encode(command)
        partition = partition_of(command.wallet_id, self.partitions)
        command_id = command.command_id

        def report(error: KafkaError | None, message: Message) -> None:
            on_delivery(_outcome(command_id, error, message))

        self._queue(command.wallet_id.encode(), value, partition, report)

    def flush(self, timeout_s: float = 30.0) -> int:
        """Wait until everything sent is acknowledged; return how many commands still are not."""
        return self._producer.flush(timeout_s)

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
        key: bytes,
        value: bytes,
        partition: int,
        report: Callable[[KafkaError | None, Message], None],
    ) -> None:
        deadline = 0.0
        while not self._closed.is_set():
            try:
                self._producer.produce(
                    self._settings.topic, value, key, partition, on_delivery=report
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

    def _report(self) -> None:
        """Call back for every acknowledged command, until closed."""
        while not self._closed.is_set():
            self._producer.poll(POLL_S)


def stamp(  # noqa: PLR0913 - one argument per field of the envelope
    wallet_id: str,
    body: Command,
    *,
    command_id: str | None = None,
    issued_at_us: int | None = None,
    conditions: tuple[Condition, ...] = (),
    dry_run: bool = False,
) -> WalletCommand:
    """Return the complete command: with a new id and the caller's time unless they are given."""
    return WalletCommand(
        new_command_id() if command_id is None else command_id,
        wallet_id,
        now_us() if issued_at_us is None else issued_at_us,
        body,
        conditions,
        dry_run,
    )


def _outcome(
    command_id: str, error: KafkaError | None, message: Message
) -> Delivered | DeliveryFailedError:
    topic, partition = message.topic() or "", message.partition() or 0
    if error is not None:
        return DeliveryFailedError(command_id, topic, partition, error.str())
    offset = message.offset()
    assert offset is not None, "an acknowledged record has an offset"
    kind, append_time_ms = message.timestamp()
    appended = append_time_ms * 1_000 if kind == TIMESTAMP_LOG_APPEND_TIME else None
    return Delivered(command_id, topic, partition, offset, appended)
