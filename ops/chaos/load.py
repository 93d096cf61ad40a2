"""Load: clients that send while everything breaks, and write down what they were told.

Owns: one thread that sends at a steady rate and listens; deliveries, retries, poison, results.
Never: judges an answer; the checker compares all of them with the log.

A client that is not told about a delivery sends the same command, with the same id, again.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from hashlib import sha256
from random import Random
from typing import TYPE_CHECKING, Final

from confluent_kafka import Producer

from ingress.sdk import DeliveryFailedError, LedgerProducer, QueueFullError, ResultReader
from ops.chaos import people
from ops.chaos.people import People
from ops.demo.poison import poisoned
from schemas.access.kafka import Servers, entering
from schemas.codec import encode
from topics.catalog import COMMANDS
from topics.partitioning import partition_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from confluent_kafka import KafkaError, Message

    from ingress.sdk import Delivered, Result
    from schemas.messages.commands import WalletCommand

RATE: Final = 80.0  # records per second
BURST: Final = 20  # sent together, so that a transaction holds several Decisions
LISTEN_S: Final = 0.02
DELIVERY_S: Final = 120.0
Coordinates = tuple[str, int, int]


class Load:
    """`start`, `stop`, then read what happened."""

    def __init__(self, address: Servers, seed: int, partitions: int, rate: float = RATE) -> None:
        self.sent = 0
        self.retried = 0
        self.delivered: Final[dict[Coordinates, bytes]] = {}
        self.poison: Final[set[Coordinates]] = set()
        self.results: Final[list[Result]] = []
        self.errors: Final[list[str]] = []
        self._rng: Final = Random(seed)  # noqa: S311 - repeatable, not secret
        self._people: Final = People(self._rng, partitions)
        self._partitions: Final = partitions
        self._rate: Final = rate
        self._lost: Final[deque[WalletCommand]] = deque()  # to be sent again
        self._producer: Final = LedgerProducer(address)
        self._reader: Final = ResultReader(address)
        self._raw: Final = Producer(
            {**entering(address), "log_level": 0, "enable.idempotence": True}
        )
        self._stop: Final = threading.Event()
        self._thread: Final = threading.Thread(target=self._run, name="load")

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """Send no more, wait for every delivery. Raises what ended the load early."""
        self._stop.set()
        self._thread.join()
        while self._lost:
            self._send(self._lost.popleft())
            self._producer.flush(DELIVERY_S)
        self._producer.close(DELIVERY_S)
        if self._raw.flush(DELIVERY_S):
            self.errors.append("poison was not delivered")
        if self.errors:
            raise RuntimeError(f"the load failed: {self.errors[:5]}")

    def listen(self, seconds: float) -> None:
        """Hear the answers that are still coming; after `stop`."""
        until = time.monotonic() + seconds
        while self._reader.outstanding and time.monotonic() < until:
            self.results.extend(self._reader.poll(LISTEN_S))
        self._reader.close()

    def _run(self) -> None:
        try:
            for _ in range(people.FIRST_WALLETS):
                self._welcome()
            began, before = time.monotonic(), self.sent
            while not self._stop.is_set():
                if time.monotonic() >= began + (self.sent - before) / self._rate:
                    for _ in range(BURST):
                        self._one()
                self.results.extend(self._reader.poll(LISTEN_S))
                self._raw.poll(0)
        except BaseException as error:  # noqa: BLE001 - raised again by `stop`
            self.errors.append(repr(error))

    def _one(self) -> None:
        draw = self._rng.random()
        if self._lost:
            self._send(self._lost.popleft())
        elif draw < people.RETRIES:
            self.retried += 1
            self._send(self._rng.choice(self._people.recent))
        elif draw < people.RETRIES + people.POISON:
            self._send_poison()
        elif draw < people.RETRIES + people.POISON + people.NEWCOMERS:
            self._welcome()
        else:
            self._send(self._people.next())

    def _welcome(self) -> None:
        for command in self._people.newcomer():
            self._send(command)

    def _send(self, command: WalletCommand) -> None:
        value = sha256(encode(command)).digest()

        def told(outcome: Delivered | DeliveryFailedError) -> None:
            if isinstance(outcome, DeliveryFailedError):
                self.retried += 1
                self._lost.append(command)
            else:
                self.delivered[outcome.topic, outcome.partition, outcome.offset] = value

        self._reader.expect(command.wallet_id, command.command_id)
        try:
            self._producer.post(command, told)
        except QueueFullError:
            self._lost.append(command)
        self.sent += 1

    def _send_poison(self) -> None:
        good = self._people.next()
        key, value = poisoned(self._rng, good.wallet_id.encode(), encode(good), self.sent)
        partition = partition_of(good.wallet_id, self._partitions)
        self._raw.produce(
            COMMANDS.name, value, key, partition, on_delivery=self._poison_put(key, value)
        )
        self.sent += 1

    def _poison_put(
        self, key: bytes | None, value: bytes | None
    ) -> Callable[[KafkaError | None, Message], None]:
        def told(error: KafkaError | None, message: Message) -> None:
            offset, partition = message.offset(), message.partition()
            if error is not None or offset is None or partition is None:
                return  # nobody was told anything: it may be there or not
            place = (COMMANDS.name, partition, offset)
            if key:  # without one it can be read, and is refused with KEY_MISMATCH
                self.poison.add(place)
            self.delivered[place] = sha256(value or b"").digest()

        return told
