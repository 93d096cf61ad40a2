"""Virtual stores: what the three kinds of servers do with rows, one request per step.

Owns: a store whose batches are whole (PostgreSQL), one that keeps the newest by sequence (Redis),
one that keeps the newest by timestamp (Cassandra); each with its position.
Never: makes a row; the shipped row functions do.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from functools import partial
from typing import Final, Protocol, final

from ledger.history import HistoryRow, group_by_key
from ops.simulate.gate import Gate
from sinks.batch import Batch, Position, Sink
from sinks.digests import BALANCES, HISTORY, Digest, digest_of
from sinks.errors import StoreAway, StoreMoved
from sinks.memory.digest import digest as memory_digest
from sinks.memory.sink import MemorySink, MemoryStore
from sinks.redis.rows import PARTITION_FIELD, Arguments, balances_in, changes_of

PREFIX: Final = "ledger"
SEQUENCE: Final = 2  # of a history row; its timestamp too

Held = tuple[int, int]  # minor, sequence


class VirtualStore(Protocol):
    """A server that outlives its writers."""

    def sink(self, gate: Gate) -> Sink:
        """Return a writer that passes the gate."""
        ...

    def position(self, partition: int) -> Position | None:
        """Return where the store stands."""
        ...

    def digest(self, partition: int) -> Mapping[str, Digest]:
        """Return the digest of every view it has."""
        ...


@final
class WholeBatches:
    """Rows and position in one transaction: the shipped memory sink."""

    def __init__(self) -> None:
        self.store: Final = MemoryStore()

    def sink(self, gate: Gate) -> Sink:
        """Return a writer."""
        sink = MemorySink(self.store)
        return _Writer(gate, sink.position, lambda batch: request(gate, lambda: sink.write(batch)))

    def position(self, partition: int) -> Position | None:
        """Return where the store stands."""
        return self.store.positions.get(partition)

    def digest(self, partition: int) -> Mapping[str, Digest]:
        """Return the digest of every view."""
        return memory_digest(self.store, partition)


@final
class NewestBySequence:
    """Hashes of balances, set if newer; the position moves only from where the writer knew it."""

    def __init__(self) -> None:
        self._hashes: Final[defaultdict[str, dict[str, Held]]] = defaultdict(dict)
        self._owners: Final[dict[str, int]] = {}
        self._positions: Final[dict[int, Position]] = {}

    def sink(self, gate: Gate) -> Sink:
        """Return a writer."""

        def write(batch: Batch) -> None:
            for key, arguments in changes_of(PREFIX, batch.partition, batch.decisions).items():
                request(gate, partial(self._set, batch.partition, key, arguments))
            request(gate, lambda: self._advance(batch))

        return _Writer(gate, self.position, write)

    def position(self, partition: int) -> Position | None:
        """Return where the store stands."""
        return self._positions.get(partition)

    def digest(self, partition: int) -> Mapping[str, Digest]:
        """Return the digest of its balances."""
        facts = [
            fact
            for key, owner in self._owners.items()
            if owner == partition
            for fact in balances_in(key, self._shown(key))
        ]
        return {BALANCES: digest_of(facts)}

    def _set(self, partition: int, key: str, arguments: Arguments) -> None:
        held = self._hashes[key]
        self._owners[key] = partition
        for field, minor, sequence in zip(*[iter(arguments)] * 3, strict=True):
            if held.get(str(field), (0, 0))[1] < int(sequence):
                held[str(field)] = int(minor), int(sequence)

    def _advance(self, batch: Batch) -> None:
        if self._positions.get(batch.partition) != batch.before:
            raise StoreMoved(f"partition {batch.partition} has another position")
        self._positions[batch.partition] = batch.after

    def _shown(self, key: str) -> dict[str, str]:
        fields = {field: f"{minor} {at}" for field, (minor, at) in self._hashes[key].items()}
        return {PARTITION_FIELD: str(self._owners[key]), **fields}


@final
class NewestByTimestamp:
    """History rows by key, the later timestamp wins; the position is a row like any other."""

    def __init__(self) -> None:
        self._rows: Final[dict[tuple[object, ...], HistoryRow]] = {}
        self._positions: Final[dict[int, Position]] = {}

    def sink(self, gate: Gate) -> Sink:
        """Return a writer."""

        def write(batch: Batch) -> None:
            stood = gate.io("sink.position", lambda: self.position(batch.partition), StoreAway)
            if stood != batch.before:
                raise StoreMoved(f"partition {batch.partition} has another position")
            for rows in group_by_key(batch.decisions).values():
                request(gate, partial(self._put, rows))
            request(gate, lambda: self._move(batch))

        return _Writer(gate, self.position, write)

    def position(self, partition: int) -> Position | None:
        """Return where the store stands."""
        return self._positions.get(partition)

    def digest(self, partition: int) -> Mapping[str, Digest]:
        """Return the digest of its history."""
        return {HISTORY: digest_of(row for row in self._rows.values() if row[3] == partition)}

    def _put(self, rows: list[HistoryRow]) -> None:
        for row in rows:
            held = self._rows.get(row[:4])
            if held is None or held[SEQUENCE] <= row[SEQUENCE]:
                self._rows[row[:4]] = row

    def _move(self, batch: Batch) -> None:
        held = self._positions.get(batch.partition)
        if held is None or held.next_offset <= batch.after.next_offset:
            self._positions[batch.partition] = batch.after


STORES: Final = (WholeBatches, NewestBySequence, NewestByTimestamp)


@final
class _Writer:
    """Satisfies `Sink`."""

    def __init__(
        self,
        gate: Gate,
        position: Callable[[int], Position | None],
        write: Callable[[Batch], None],
    ) -> None:
        self._gate: Final = gate
        self._position: Final = position
        self._write: Final = write

    def position(self, partition: int) -> Position | None:
        """Return where the store stands."""
        return self._gate.io("sink.position", lambda: self._position(partition), StoreAway)

    def write(self, batch: Batch) -> None:
        """Apply the batch and move the position."""
        self._write(batch)

    def close(self) -> None:
        """Nothing is open."""


def request(gate: Gate, act: Callable[[], None]) -> None:
    """Send one request to a store."""
    gate.io("sink.write", act, StoreAway)
