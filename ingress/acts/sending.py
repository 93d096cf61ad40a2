"""Sending: lines of acts to the control topic, acknowledged or kept.

Owns: the producer for them, how long they are waited for, and when a line counts as sent.
Never: waits for more than `TIMEOUT_S`; a line is in its file before, and stays outstanding.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from confluent_kafka import KafkaException, Producer

from ingress.acts.line import control_of
from ingress.sdk.client import partition_count, producer_config, unacknowledged
from ingress.sdk.errors import SdkError
from schemas.codec import encode
from topics.catalog import CONTROL
from topics.partitioning import partition_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ingress.acts.spool import Tray
    from schemas.access.kafka import Servers
    from schemas.messages.control import Control

TIMEOUT_S: Final = 5.0
QUEUE_MAX: Final = 10_000


class NotKeptError(SdkError):
    """The log did not take the lines; they stay outstanding. Says why."""


def actor_producer(address: Servers) -> Producer:
    """Connect; records are few and go at once."""
    soon = {"delivery.timeout.ms": int(TIMEOUT_S * 1_000)}
    return Producer({**producer_config(address, QUEUE_MAX, 0), **soon})


class ActSender:
    """Moves lines from a tray into the log."""

    def __init__(self, address: Servers, producer: Producer) -> None:
        self._address: Final = address
        self._producer: Final = producer
        self._partitions = 0

    def send_all(self, tray: Tray) -> int:
        """Send what is outstanding; return how many records that were. Raises `SdkError`."""
        count = 0
        while lines := tray.waiting():
            count += self._send(lines)
            tray.sent(lines)
        return count

    def _send(self, lines: list[bytes]) -> int:
        if not self._partitions:
            self._partitions = partition_count(
                self._producer, self._address, CONTROL.name, TIMEOUT_S
            )
        found = [each for line in lines if (each := control_of(line)) is not None]
        try:
            why = unacknowledged(self._producer, CONTROL.name, self._records(found), TIMEOUT_S)
        except (KafkaException, BufferError) as error:
            raise NotKeptError(str(error)) from error
        if why:
            raise NotKeptError(why)
        return len(found)

    def _records(self, found: Iterable[tuple[str, Control]]) -> Iterator[tuple[bytes, bytes, int]]:
        for subject, control in found:
            home = partition_of(subject, self._partitions)
            yield str(home).encode(), encode(control), home
