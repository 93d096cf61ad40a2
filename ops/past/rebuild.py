"""Rebuild: the rows of a partition at an offset or a time, folded from its log alone.

Owns: where the fold ends, and the hash of the rows there.
Never: opens a store or a topic. A partition stands only between groups, so the state at an offset
is that after the last group that was whole there.

A state's hash is the sum of SHA-256 of its rows modulo 2^256, so it does not depend on their order.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from hashlib import sha256
from typing import Final, NamedTuple, final

from ledger.fold import fold_group
from ledger.merkle import CompactTree
from ledger.sealing import CHAIN_HEADER, CHAIN_START, SealedGroup, SealReader, leaf_of
from ops.checker.state import NAMES, rows_of
from ops.proof.checkpoint import Checkpoint
from ops.reading import Record
from schemas.codec import decode, decode_partly
from schemas.messages.decisions import Decision
from sinks.digests import MODULUS
from streams.runtime.limits import LIMITS
from streams.runtime.overlay import OverlayState
from streams.runtime.ports import Store
from streams.wallet.tables import ACCOUNTS, HOLDS, SAGAS, TABLES, open_view

# As many as a worker's recovery: a row that changes again meanwhile is written once.
ROWS_PER_WRITE: Final = LIMITS.replay_rows
MONEY: Final = frozenset(spec.prefix for spec in (ACCOUNTS, HOLDS, SAGAS))


@dataclass(frozen=True, slots=True)
class End:
    """Where to end: after this offset, or this time in microseconds; one of them."""

    offset: int | None = None
    at_us: int | None = None

    def has(self, group: SealedGroup) -> bool:
        """Say whether a group was whole there."""
        if self.offset is not None:
            return group.next_offset - 1 <= self.offset
        return self.at_us is None or group.decisions[-1].decided_at <= self.at_us


@dataclass(slots=True)
class State:
    """A partition at a place. `seen` has what the log gives at each size that was asked for."""

    partition: int
    sequence: int = 0
    next_offset: int = 0
    decided_at: int = 0
    chain: bytes = CHAIN_START
    root: bytes = b""
    rows: Counter[str] = field(default_factory=Counter)
    hash: str = ""
    money_hash: str = ""
    seen: dict[int, Checkpoint] = field(default_factory=dict)


@final
class Rebuild:
    """The fold of one partition into a store that is empty."""

    def __init__(self, partition: int, store: Store, sizes: Collection[int] = ()) -> None:
        """Note root and chain head at these sizes, for who signed them."""
        self.state: Final = State(partition)
        self._store: Final = store
        self._sizes: Final = frozenset(sizes)
        self._overlay: Final = OverlayState(TABLES, store)
        self._view: Final = open_view(self._overlay)
        self._seals: Final = SealReader(partition, partial(decode_partly, Decision))
        self._tree: Final = CompactTree()
        self._waiting: list[Record] = []

    def run(self, records: Iterable[Record], end: End) -> State:
        """Fold up to the end and hash what is there. Raises `LogError`."""
        self.fold(records, end)
        return self.hashed()

    def fold(self, records: Iterable[Record], end: End) -> None:
        """Fold up to the end, every row in the store. Raises `LogError`."""
        take, waiting = self._seals.take, self._waiting
        for record in records:
            group = take(record.offset, record.value or b"", record.headers.get(CHAIN_HEADER))
            waiting.append(record)
            if group is None:
                continue
            if not end.has(group):
                break
            self._fold(group, waiting[-len(group.decisions) :])  # what lies before was void
            waiting.clear()
        self._overlay.fold()
        self._overlay.flush(b"")

    def _fold(self, group: SealedGroup, records: Sequence[Record]) -> None:
        fold_group(self._view, group.decisions, group.chain)
        append, asked = self._tree.append, self._sizes
        for record in records:
            append(leaf_of(record.value or b""))
            if asked and self._tree.size in asked:
                self._note(record)
        last, state = group.decisions[-1], self.state
        state.sequence, state.decided_at = last.sequence, last.decided_at
        state.next_offset, state.chain = group.next_offset, group.chain
        if self._overlay.waiting() >= ROWS_PER_WRITE:
            self._overlay.fold()
            self._overlay.flush(b"")

    def _note(self, record: Record) -> None:
        """Keep what was to be signed here."""
        tree = self._tree
        self.state.seen[tree.size] = Checkpoint(
            decode(Decision, record.value or b"").ledger_id,  # what a fold reads leaves it out
            self.state.partition,
            tree.size,
            tree.root(),
            record.headers[CHAIN_HEADER],
        )

    def hashed(self) -> State:
        """Hash the rows that are in the store."""
        state, found = self.state, hashed(self._store)
        state.root = self._tree.root()
        state.rows, state.hash, state.money_hash = found.rows, found.whole, found.money
        return state


class Hashed(NamedTuple):
    """The hash of all rows of a store, of those about money, and how many each table has."""

    whole: str
    money: str
    rows: Counter[str]


def hashed(store: Store) -> Hashed:
    """Hash the rows of a partition's tables."""
    rows, whole, money = Counter[str](), 0, 0
    for key, row in rows_of(store):
        number = int.from_bytes(sha256(len(key).to_bytes(4, "big") + key + row).digest(), "big")
        whole += number
        if key[:1] in MONEY:
            money += number
        rows[NAMES[key[:1]]] += 1
    return Hashed(f"{whole % MODULUS:064x}", f"{money % MODULUS:064x}", rows)


def contradicted(signed: Iterable[Checkpoint], state: State) -> list[str]:
    """Return which signed checkpoints the log does not lead to."""
    return [
        f"partition {each.partition}: the first {each.size} Decisions are not those "
        "that were signed"
        for each in signed
        if each.size <= state.sequence and state.seen.get(each.size) != each
    ]
