"""Results: follow the outcomes of one's own commands.

Owns: the position in the topic of results, and which commands are waited for.
Never: stores a position; a caller that wants to go on later keeps `positions()`.

A command is answered once, or twice when money travels to another partition or waits for a
reviewer: PENDING first, FINAL later. A reader starts at the end of the topic, so make it *before*
the commands are sent. The same result may be read twice; the reader drops the repeat.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from time import monotonic
from types import TracebackType
from typing import Final, Self

from confluent_kafka import Consumer, KafkaError, Message, TopicPartition

from ingress.sdk.client import end_offset, partition_count, reader_config
from ingress.sdk.errors import (
    ClosedError,
    PositionLostError,
    ResultTimeoutError,
)
from schemas.codec import decode
from schemas.messages.results import Result
from schemas.messages.vocabulary import Stage
from topics.catalog import RESULTS

POLL_S: Final = 0.1
BATCH: Final = 1_000


@dataclass(frozen=True, slots=True)
class ReaderSettings:
    """How a reader behaves. Times in seconds."""

    topic: str = RESULTS.name
    connect_timeout_s: float = 10.0


DEFAULTS: Final = ReaderSettings()


class ResultReader:
    """Reads results of the commands it was told to expect. For one thread; close it, or use `with`.

    Raises `BrokerUnreachableError` or `TopicMissingError` when it is made.
    """

    def __init__(
        self,
        address: str,
        positions: Mapping[int, int] | None = None,
        settings: ReaderSettings = DEFAULTS,
    ) -> None:
        """Start at `positions` (partition -> next offset); others start at the end."""
        self._settings: Final = settings
        self._consumer: Final = Consumer(reader_config(address))
        timeout_s = settings.connect_timeout_s
        count = partition_count(self._consumer, address, settings.topic, timeout_s)
        known = positions or {}
        self._next: Final = {
            partition: known[partition]
            if partition in known
            else end_offset(self._consumer, address, settings.topic, partition, timeout_s)
            for partition in range(count)
        }
        self._consumer.assign(
            [TopicPartition(settings.topic, part, offset) for part, offset in self._next.items()]
        )
        self._keys: Final[dict[bytes, int]] = {}
        self._waiting: Final[dict[tuple[str, str], Result | None]] = {}
        self._final: Final[dict[tuple[str, str], Result]] = {}
        self._open = True

    def __enter__(self) -> Self:
        """Return the reader."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the reader."""
        self.close()

    def expect(self, wallet_id: str, command_id: str) -> None:
        """Follow this command until its FINAL result."""
        identity = (wallet_id, command_id)
        if identity not in self._waiting:
            self._waiting[identity] = None
            key = wallet_id.encode()
            self._keys[key] = self._keys.get(key, 0) + 1

    @property
    def outstanding(self) -> int:
        """How many expected commands have no FINAL result yet."""
        return len(self._waiting)

    def positions(self) -> dict[int, int]:
        """Return the next offset to read per partition, for a later reader."""
        return dict(self._next)

    def poll(self, timeout_s: float = POLL_S) -> list[Result]:
        """Return new results of expected commands, waiting at most `timeout_s` for one.

        Raises `PositionLostError` when results were deleted before they were read.
        """
        if not self._open:
            raise ClosedError("the reader is closed")
        found = []
        for message in self._consumer.consume(BATCH, timeout_s):
            result = self._take(message)
            if result is not None:
                found.append(result)
        return found

    def wait(self, wallet_id: str, command_id: str, *, timeout_s: float = 30.0) -> Result:
        """Return the FINAL result of one command, expected before or not.

        Raises `ResultTimeoutError`, which holds the PENDING result when there was one.
        """
        identity = (wallet_id, command_id)
        if identity not in self._final:
            self.expect(wallet_id, command_id)
        deadline = monotonic() + timeout_s
        while identity not in self._final:
            left = deadline - monotonic()
            if left <= 0:
                raise ResultTimeoutError(command_id, timeout_s, self._waiting.get(identity))
            self.poll(min(left, POLL_S))
        return self._final.pop(identity)

    def close(self) -> None:
        """Stop reading."""
        if self._open:
            self._open = False
            self._consumer.close()

    def _take(self, message: Message) -> Result | None:
        """Note one record; return its result when it is new and expected."""
        partition = message.partition() or 0
        error = message.error()
        if error is not None:
            if error.code() == KafkaError._AUTO_OFFSET_RESET:  # noqa: SLF001 - a public code
                raise PositionLostError(self._settings.topic, partition, error.str())
            return None  # librdkafka goes on by itself
        offset, key, value = message.offset(), message.key(), message.value()
        if offset is None or offset < self._next[partition]:
            return None
        self._next[partition] = offset + 1
        if value is None or key not in self._keys:
            return None
        return self._note(decode(Result, value))

    def _note(self, result: Result) -> Result | None:
        identity = (result.wallet_id, result.command_id)
        if identity not in self._waiting or self._waiting[identity] == result:
            return None
        self._waiting[identity] = result
        if result.stage is Stage.FINAL:
            del self._waiting[identity]
            key = result.wallet_id.encode()
            self._keys[key] -= 1
            if not self._keys[key]:
                del self._keys[key]
            self._final[identity] = result
        return result
