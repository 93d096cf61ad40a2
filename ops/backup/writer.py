"""Writer: records back to the offsets they had, on a broker that has none of them.

Owns: the producers of a restore, and the check that each record got its offset.
Never: decides what is written.

Partitions are written side by side, a stretch of each in a round, because ending a transaction
costs about the same for one partition and for fifty. One transaction of a round is committed, for
what a gap of one follows, another aborted, for longer gaps; all else is written without any.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final, final

from confluent_kafka import Consumer, KafkaError, Message, Producer, TopicPartition
from confluent_kafka.admin import AdminClient

from ingress.sdk.client import end_offset, producer_config, reader_config
from ops.backup.archived import ARCHIVED
from ops.backup.errors import RestoreError
from ops.backup.layout import Stretch
from ops.backup.manifest import Place
from ops.backup.segment import Entry
from schemas.access.kafka import Servers, entering
from topics.restored import RESTORED_HEADER, is_restored

QUEUE_MAX: Final = 200_000
# A record may be as large as the topic allows; the broker's limit counts, not the client's.
MESSAGE_MAX: Final = 2_000_000
ENDING_S: Final = 60.0
TRANSACTION_MS: Final = 600_000
STAMPED: Final = frozenset(topic.name for topic in ARCHIVED if topic.log_append_time)
COMMITS: Final = "commits"
ABORTS: Final = "aborts"
# A compacted topic takes no record without a key.
FILLER: Final = Entry(-1, 0, b"filler", b"", ())

Tell = Callable[[int], None]


@final
class Writer:
    """Writes topic partitions that are empty. Raises `RestoreError`."""

    def __init__(self, address: Servers) -> None:
        self._address: Final = address
        self._wrong: Final[list[str]] = []
        self._starts: Final[dict[Place, int]] = {}
        # A partition may begin with a marker alone, of a transaction that wrote nothing there.
        self._hidden: Final[dict[Place, int]] = {}
        self._ends: Final[dict[Place, int]] = {}
        # Whose marker, perhaps not written yet, is the last thing in a partition.
        self._markers: Final[dict[Place, str]] = {}
        self._marks: Final = Consumer(
            {**reader_config(address), "isolation.level": "read_uncommitted"}
        )
        self._plain: Final = Producer(_config(address))
        self._commits: Final = self._transactional(COMMITS)
        self._aborts: Final = self._transactional(ABORTS)

    def write(self, places: Mapping[Place, Iterator[Stretch]], tell: Tell) -> int:
        """Write everything; return how many records that were."""
        waiting, written = dict(places), 0
        while waiting:
            found = {place: next(each, None) for place, each in waiting.items()}
            waiting = {place: waiting[place] for place, each in found.items() if each is not None}
            stretches = {place: each for place, each in found.items() if each is not None}
            self._round(stretches)
            written += sum(len(each.entries) for each in stretches.values())
            tell(written)
        self._wait_for_markers(tuple(self._markers), "")
        self._hide(self._hidden)
        self._marks.close()
        return written

    def end(self, place: Place) -> int:
        """Return where a partition ends as it was written."""
        return self._ends.get(place, self._starts[place])

    def begin(self, starts: Mapping[Place, int]) -> None:
        """Let partitions begin where retention let them begin."""
        self._starts.update(starts)
        later = {place: first for place, first in starts.items() if first > 0}
        for place, first in later.items():
            for _ in range(first):
                self._produce(self._plain, place, FILLER)
        self._flush(self._plain)
        self._hide(later)

    def _round(self, stretches: Mapping[Place, Stretch]) -> None:
        plain = {place: each for place, each in stretches.items() if not _closes(each)}
        self._wait_for_markers(plain, "")
        for place, (entries, gap) in plain.items():
            for entry in entries:
                self._produce(self._plain, place, entry)
            if gap == 1:
                self._hidden[place] = self._starts[place] + 1
                self._produce(self._plain, place, FILLER)
        self._flush(self._plain)
        self._commit({place: each.entries for place, each in stretches.items() if _closes(each)})
        self._abort({place: each.gap - 1 for place, each in plain.items() if each.gap > 1})
        for place, (entries, gap) in stretches.items():
            self._ends[place] = self._ends.get(place, self._starts[place]) + len(entries) + gap

    def _commit(self, entries: Mapping[Place, list[Entry]]) -> None:
        if not entries:
            return
        self._wait_for_markers(entries, COMMITS)
        self._commits.begin_transaction()
        for place, each in entries.items():
            for entry in each:
                self._produce(self._commits, place, entry)
        self._flush(self._commits)
        self._commits.commit_transaction(ENDING_S)
        self._markers.update(dict.fromkeys(entries, COMMITS))

    def _wait_for_markers(self, places: Iterable[Place], by: str) -> None:
        """Wait for the markers of others: they are written after the transaction has ended.

        A producer's own next transaction waits for them at the broker.
        """
        for place in places:
            if self._markers.get(place, by) != by:
                end, deadline = self._ends[place], time.monotonic() + ENDING_S
                while self._end(place) < end:
                    if time.monotonic() > deadline:
                        raise RestoreError(f"{place[0]}[{place[1]}] has no marker below {end}")
                del self._markers[place]

    def _end(self, place: Place) -> int:
        return end_offset(self._marks, self._address, *place, ENDING_S)

    def _abort(self, fillers: Mapping[Place, int]) -> None:
        if not fillers:
            return
        self._aborts.begin_transaction()
        for place, count in fillers.items():
            for _ in range(count):
                self._produce(self._aborts, place, FILLER)
        self._flush(self._aborts)  # what was not sent yet would be thrown away
        self._aborts.abort_transaction(ENDING_S)
        self._markers.update(dict.fromkeys(fillers, ABORTS))

    def _hide(self, below: Mapping[Place, int]) -> None:
        """Remove fillers that no transaction hides."""
        if not below:
            return
        admin = AdminClient({**entering(self._address), "log_level": 0})
        asked = [TopicPartition(*place, offset) for place, offset in below.items()]
        for answer in admin.delete_records(asked).values():
            answer.result(ENDING_S)

    def _produce(self, producer: Producer, place: Place, entry: Entry) -> None:
        def placed(error: KafkaError | None, message: Message) -> None:
            if error is not None:
                self._wrong.append(f"{place[0]}[{place[1]}]: {error.str()}")
            elif entry.offset not in {FILLER.offset, message.offset()}:
                self._wrong.append(
                    f"{place[0]}[{place[1]}]: the record of offset {entry.offset} came to lie at "
                    f"{message.offset()}: somebody else writes there"
                )

        while True:
            try:
                producer.produce(
                    place[0],
                    entry.value,
                    entry.key,
                    place[1],
                    on_delivery=placed,
                    timestamp=entry.time_ms,
                    headers=self._headers(place, entry),
                )
            except BufferError:
                producer.poll(1.0)
            else:
                return

    def _headers(self, place: Place, entry: Entry) -> list[tuple[str, str | bytes | None]]:
        """Return what it had, and that its time is the old one where the broker would stamp it."""
        if place[0] not in STAMPED or is_restored(entry.headers):
            return list(entry.headers)
        return [*entry.headers, (RESTORED_HEADER, b"")]

    def _flush(self, producer: Producer) -> None:
        left = producer.flush(ENDING_S)
        if self._wrong:
            raise RestoreError(self._wrong[0])
        if left:
            raise RestoreError(f"{left} records were not acknowledged within {ENDING_S:.0f} s")

    def _transactional(self, name: str) -> Producer:
        own = {
            "transactional.id": f"ledger-restore-{name}",
            "transaction.timeout.ms": TRANSACTION_MS,
        }
        producer = Producer({**_config(self._address), **own})
        producer.init_transactions(ENDING_S)
        return producer


def _closes(stretch: Stretch) -> bool:
    return stretch.gap == 1 and bool(stretch.entries)


def _config(address: Servers) -> dict[str, str | int | float | bool]:
    return {**producer_config(address, QUEUE_MAX, 0), "message.max.bytes": MESSAGE_MAX}
