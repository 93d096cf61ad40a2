"""Directory: which wallet is behind an alias.

Owns: the topic of aliases as seen by one process, its changes, and what paying an alias means.
Never: writes an alias in the clear; asks the ledger. The ledger never asks the directory either:
an alias becomes a wallet id before a command is sent, so no Decision depends on it.

The topic is compacted, keyed by the hash of the alias; a directory reads all of it once (about 150
bytes an alias) and what was added since before each answer. Setting looks first and writes then:
two who set the same alias at the same moment both see it free, and the later one stays. Let one
service own the aliases.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from time import monotonic
from typing import Final

from confluent_kafka import (
    OFFSET_BEGINNING,
    Consumer,
    KafkaError,
    Message,
    Producer,
    TopicPartition,
)
from typing_extensions import override

from ingress.sdk.aliases import alias_hash, check_secret
from ingress.sdk.client import end_offset, partition_count, producer_config, reader_config
from ingress.sdk.closing import Closing
from ingress.sdk.errors import (
    AliasTakenError,
    BrokerUnreachableError,
    ClosedError,
    DeliveryFailedError,
)
from ingress.sdk.fields import check_id
from ingress.sdk.stamp import now_us
from schemas.access.kafka import Servers
from schemas.codec import decode, encode
from schemas.messages.aliases import AliasEntry
from schemas.messages.commands import SendToAlias, Transfer
from schemas.values import Money
from topics.catalog import ALIASES
from topics.partitioning import partition_of_key

BATCH: Final = 1_000
POLL_S: Final = 0.1
QUEUE_MAX: Final = 1_000


@dataclass(frozen=True, slots=True)
class DirectorySettings:
    """How a directory behaves. Times in seconds."""

    topic: str = ALIASES.name
    timeout_s: float = 10.0


DEFAULTS: Final = DirectorySettings()


class AliasDirectory(Closing):
    """Finds and sets aliases. For one thread; close it, or use `with`.

    Raises `BrokerUnreachableError` or `TopicMissingError` when it is made, and
    `CommandRefusedError` for a secret that is too short.
    """

    def __init__(
        self, address: Servers, secret: str, settings: DirectorySettings = DEFAULTS
    ) -> None:
        """Connect and read what there is; the secret is the one that every user of aliases has."""
        check_secret(secret)
        self._address: Final = address
        self._secret: Final = secret
        self._settings: Final = settings
        reader = {**reader_config(address), "enable.partition.eof": True}
        self._consumer: Final = Consumer(reader)
        self._producer: Final = Producer(producer_config(address, QUEUE_MAX, 0))
        count = partition_count(self._consumer, address, settings.topic, settings.timeout_s)
        self._next: Final = dict.fromkeys(range(count), 0)
        self._entries: Final[dict[str, AliasEntry]] = {}
        self._consumer.assign(
            [TopicPartition(settings.topic, number, OFFSET_BEGINNING) for number in range(count)]
        )
        self._open = True
        self._trouble = ""
        self.refresh()

    def hash_of(self, alias: str) -> str:
        """Return how the topic and the ledger know an alias."""
        return alias_hash(self._secret, alias)

    def find(self, alias: str) -> AliasEntry | None:
        """Return who is behind an alias now, or None."""
        key = self.hash_of(alias)
        self._catch_up((self._home(key),))
        return self._entries.get(key)

    def body(self, alias: str, amount: Money) -> Transfer | SendToAlias:
        """Return what pays an alias: a transfer, or a claim when nobody has registered it.

        Whoever is not sure whether it arrived sends the same command again, not another body:
        meanwhile the alias may be somebody's, and the ledger refuses another content under one id.
        """
        found = self.find(alias)
        code, minor = amount.currency.code, amount.minor
        if found is None:
            return SendToAlias(self.hash_of(alias), code, minor)
        return Transfer(found.wallet_id, code, minor)

    def set(self, alias: str, wallet_id: str) -> AliasEntry:
        """Put a wallet behind an alias; once it is there, nothing is written.

        Raises `AliasTakenError` when another wallet is; `remove` it first.
        """
        check_id("wallet_id", wallet_id)
        found = self.find(alias)
        if found is not None and found.wallet_id != wallet_id:
            raise AliasTakenError(self.hash_of(alias))
        if found is not None:
            return found
        entry = AliasEntry(wallet_id, now_us())
        self._write(self.hash_of(alias), encode(entry))
        return entry

    def remove(self, alias: str) -> AliasEntry | None:
        """Let nobody be behind an alias; return who was."""
        found = self.find(alias)
        if found is not None:
            self._write(self.hash_of(alias), None)
        return found

    def refresh(self) -> None:
        """Read to the end that the topic has now. Raises `BrokerUnreachableError`."""
        self._catch_up(self._next)

    @override
    def close(self) -> None:
        """Let go of the broker."""
        if self._open:
            self._open = False
            self._consumer.close()

    def _catch_up(self, partitions: Iterable[int]) -> None:
        if not self._open:
            raise ClosedError("the directory is closed")
        topic, timeout_s = self._settings.topic, self._settings.timeout_s
        ends = {
            number: end_offset(self._consumer, self._address, topic, number, timeout_s)
            for number in partitions
        }
        deadline = monotonic() + timeout_s
        while any(self._next[number] < end for number, end in ends.items()):
            if monotonic() >= deadline:
                why = f"{topic} was not read to its end {self._trouble}".rstrip()
                raise BrokerUnreachableError(self._address, why)
            read = [self._take(message) for message in self._consumer.consume(BATCH, POLL_S)]
            if any(read):  # a long topic may take its time, as long as it goes on
                deadline = monotonic() + timeout_s

    def _take(self, message: Message) -> bool:
        """Fold one record, or note that the end is there: compaction leaves holes before it.

        Return whether it leads on; of a trouble it is only noted what it is, since the client tries
        again by itself.
        """
        error, offset = message.error(), message.offset()
        number = message.partition() or 0
        if error is not None and error.code() != KafkaError._PARTITION_EOF:  # noqa: SLF001 - a public code
            self._trouble = f"({error.str()})"
            return False
        assert offset is not None, "a record and an end have their offset"
        if error is not None:
            self._next[number] = max(self._next[number], offset)
            return True
        self._next[number] = offset + 1
        key, value = (message.key() or b"").decode(), message.value()
        if value is None:
            self._entries.pop(key, None)
        else:
            self._entries[key] = decode(AliasEntry, value)
        return True

    def _write(self, key: str, value: bytes | None) -> None:
        """Write one record and wait for the broker to have it."""
        topic = self._settings.topic
        partition = self._home(key)
        errors: list[str] = []

        def report(error: KafkaError | None, _message: Message) -> None:
            if error is not None:
                errors.append(error.str())

        self._producer.produce(topic, value, key.encode(), partition, on_delivery=report)
        left = self._producer.flush(self._settings.timeout_s)
        if left or errors:
            why = errors[0] if errors else "no answer in time"
            raise DeliveryFailedError(key, topic, partition, why)

    def _home(self, key: str) -> int:
        return partition_of_key(key.encode(), len(self._next))
