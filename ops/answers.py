"""Answers: how long commands take from the moment they are due until their answer is read.

Owns: one reading thread over an answers topic, matching answers with what was sent.
Never: sends; a client that paces itself does, and tells `sent`.
"""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Final, NamedTuple, final

from confluent_kafka import Consumer, TopicPartition

from ops.rig import wait_for
from schemas.access.kafka import Servers, entering
from schemas.codec import decode
from schemas.messages.results import Result

if TYPE_CHECKING:
    from collections.abc import Callable

    from confluent_kafka import Message


class Taken(NamedTuple):
    """One answered command: when it was due (monotonic seconds), and how long its answer took."""

    tag: str
    due: float
    seconds: float


@final
class Answers:
    """Reads one topic and matches what it reads with what was sent."""

    def __init__(self, bootstrap: Servers, topic: str, tag_of: Callable[[Message], str]) -> None:
        self._tag_of: Final = tag_of
        self._due: Final[dict[str, float]] = {}
        self.taken: Final[list[Taken]] = []
        self._stop: Final = threading.Event()
        self._consumer: Final = Consumer(
            {
                **entering(bootstrap),
                "group.id": "bench-answers",
                "isolation.level": "read_committed",
                "fetch.wait.max.ms": 5,
                "fetch.queue.backoff.ms": 5,
            }
        )
        found = self._consumer.list_topics(topic, timeout=10).topics[topic].partitions
        parts = [TopicPartition(topic, number) for number in sorted(found)]
        ends = [self._consumer.get_watermark_offsets(part, timeout=10)[1] for part in parts]
        starts = [
            TopicPartition(topic, number, end)
            for number, end in zip(sorted(found), ends, strict=True)
        ]
        self._consumer.assign(starts)
        self._thread: Final = threading.Thread(target=self._read, name="answers", daemon=True)
        self._thread.start()

    def sent(self, tag: str, due: float) -> None:
        """Note that a record with this tag was due at that monotonic time."""
        self._due[tag] = due

    def wait(self, deadline_s: float) -> None:
        """Wait until everything sent was answered. Raises `TimeoutError` when answers stay away."""
        wait_for("an answer to every command", lambda: not self._due, deadline_s)

    @property
    def waiting(self) -> int:
        """Commands sent and not answered yet."""
        return len(self._due)

    def close(self) -> None:
        """Stop reading."""
        self._stop.set()
        self._thread.join()
        self._consumer.close()

    def _read(self) -> None:
        while not self._stop.is_set():
            messages = self._consumer.consume(500, 0.005)
            now = time.monotonic()
            for message in messages:
                if message.error() is not None:
                    continue  # a broker that was away for a moment; the answers still come
                tag = self._tag_of(message)
                due = self._due.pop(tag, None)
                if due is not None:
                    self.taken.append(Taken(tag, due, now - due))


def result_tag(message: Message) -> str:
    """Return the command id of a result."""
    return decode(Result, message.value() or b"").command_id


def key_tag(message: Message) -> str:
    """Return the key, in which the plain loop puts the command id."""
    return str(message.key() or b"", "utf-8")
