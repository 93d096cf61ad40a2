"""Kept: the balances of a store or of the workers' state, and where it stood when they were read.

Owns: reading them, with its position before and after.
Never: compares.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Final

from ops.checker import held
from ops.checker.balances import Account, Newest
from ops.checker.state import open_read_only, owners_in, rows_under
from ops.settings import Settings
from ops.verify.balances import Kept
from schemas.access.cassandra import Place
from schemas.codec import decode
from schemas.messages.rows import AccountRow, HeadRow, WalletRow
from streams.runtime.ports import Store
from streams.wallet.tables import ACCOUNTS, HEAD, WALLETS

STATE: Final = "state"
STORES: Final = {"postgres": "PostgreSQL", "cassandra": "Cassandra", "redis": "Redis"}
SOURCES: Final = (*STORES, STATE)
Balances = dict[Account, int]


def sources_of(settings: Settings) -> list[str]:
    """Return everything that is named: stores with an address, and state that lies here."""
    return [*settings.stores(), *([STATE] if owners_in(settings.state_dir) else [])]


def kept_in(settings: Settings, source: str) -> Kept:
    """Read one of the sources. Raises `StoreAway` or `NothingKnownError`."""
    if source == STATE:
        return _state(owners_in(settings.state_dir))
    place, name = settings.store(source), STORES[source]
    reads: Mapping[str, Callable[[], Balances]] = {
        "postgres": lambda: _minor(held.journal_balances(str(place), added_up=False)),
        "cassandra": lambda: _minor(_history(place).balances()),
        "redis": lambda: _minor(held.redis_balances(str(place))),
    }
    where = partial(held.sequences, name, place)
    before = where()
    balances = reads[source]()
    after = where()
    moved = frozenset(number for number in after if before.get(number) != after[number])
    return Kept(name, before, balances, moved, wallets_only=source == "cassandra")


def _minor(rows: Iterator[tuple[Account, tuple[int, int | None]]]) -> Balances:
    return {key: minor for key, (minor, _) in rows}


def _history(place: Place) -> Newest:
    newest = Newest()
    for placed in held.history_rows(place):
        newest.add(placed)
    return newest


def _state(owners: Mapping[int, Path]) -> Kept:
    sequences: dict[int, int] = {}
    balances: Balances = {}
    for number, folder in owners.items():
        with closing(open_read_only(folder)) as store:
            sequences[number] = _head(store)
            balances.update(_rows(store, number))
    return Kept("the workers' state", sequences, balances)


def _head(store: Store) -> int:
    row = next(rows_under(store, HEAD.prefix), None)
    return 0 if row is None else decode(HeadRow, row[1]).sequence


def _rows(store: Store, partition: int) -> Iterator[tuple[Account, int]]:
    """Yield the accounts of wallets, which lie in their rows, and those of the partition."""
    for key, row in rows_under(store, WALLETS.prefix):
        owner = key.removeprefix(WALLETS.prefix).decode()
        for each in decode(WalletRow, row).balances:
            yield (partition, each.account, owner, each.currency), each.minor
    for key, row in rows_under(store, ACCOUNTS.prefix):
        code, owner, currency = key.removeprefix(ACCOUNTS.prefix).decode().split("\0")
        yield (partition, code, owner, currency), decode(AccountRow, row).minor
