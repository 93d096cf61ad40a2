"""Checks 8 and 13, RocksDB: the owner's rows are the fold of the log, its positions the log's.

Owns: the comparison of two stores in key order, and of the applied row.
Never: writes; the owner's database is opened read-only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Final

from rocksdict import AccessType, Options, Rdict

from ops.checker.report import Result
from streams.reconciliation.rounds.ri08_state import Row, compare_rows
from streams.runtime.applied import read_applied
from streams.runtime.job import Positions
from streams.runtime.overlay import APPLIED_KEY
from streams.runtime.ports import Store
from streams.runtime.store import RocksStore
from streams.wallet.tables import TABLES

PAGE: Final = 5_000
NAMES: Final = {spec.prefix: spec.name for spec in TABLES}


def open_read_only(folder: Path) -> RocksStore:
    """Open the database of an owner that is at rest."""
    return RocksStore(
        Rdict(str(folder), Options(raw_mode=True), access_type=AccessType.read_only())
    )


def open_beside(folder: Path, scratch: Path) -> RocksStore:
    """Open the database of an owner that goes on writing; its rows are those of this moment.

    What RocksDB calls a secondary keeps every file of this moment open, so that the owner may
    remove it, and writes nothing but a log of its own, into `scratch`.
    """
    options = Options(raw_mode=True)
    options.set_max_open_files(-1)
    access = AccessType.secondary(str(scratch))
    return RocksStore(Rdict(str(folder), options, access_type=access))


def owners_in(
    state_dir: Path, open_store: Callable[[Path], RocksStore] = open_read_only
) -> dict[int, Path]:
    """Return the database of each partition that has followed the log furthest, whoever's it is."""
    furthest: dict[int, tuple[int, Path]] = {}
    for folder in sorted(state_dir.glob("*/wallet/*/rocksdb")):
        partition = int(folder.parent.name)
        with closing(open_store(folder)) as store:
            applied = store.get(APPLIED_KEY)
        offset = 0 if applied is None else read_applied(applied)[1]
        if offset >= furthest.get(partition, (0, folder))[0]:
            furthest[partition] = (offset, folder)
    return {partition: folder for partition, (_, folder) in furthest.items()}


def rows_of(store: Store) -> Iterator[Row]:
    """Yield every row of every table, in key order."""
    for prefix in sorted(NAMES):
        yield from rows_under(store, prefix)


def rows_under(store: Store, prefix: bytes) -> Iterator[Row]:
    """Yield every row of one table, in key order."""
    start, end = prefix, bytes((prefix[0] + 1,))
    while page := store.scan(start, end, PAGE):
        yield from page
        start = page[-1][0] + b"\0"


def name_of(key: bytes) -> str:
    """Return the key of a row in words, without its table."""
    return key[1:].replace(b"\0", b" ").decode(errors="backslashreplace")


def check_state(partition: int, fold: Store, folder: Path, result: Result) -> None:
    """Compare an owner's rows with a fold of the log, byte by byte."""
    where = f"RocksDB, partition {partition}"
    if not folder.exists():
        result.add(where, f"{folder} is not there")
        return
    with closing(open_read_only(folder)) as owner:
        for key, what in compare_rows(_counted(rows_of(fold), result), rows_of(owner)):
            result.add(where, f"{NAMES[key[:1]]} row {name_of(key)} {what}")


def check_positions(
    partition: int, positions: Positions, next_offset: int, folder: Path, result: Result
) -> None:
    """Compare the input positions and the log offset that an owner has applied."""
    where = f"RocksDB, partition {partition}"
    if not folder.exists():
        result.add(where, f"{folder} is not there")
        return
    with closing(open_read_only(folder)) as owner:
        applied = owner.get(APPLIED_KEY)
    result.looked_at += 1
    if applied is None:
        if positions:
            result.add(where, "has applied nothing")
        return
    _, offset, found = read_applied(applied)
    if offset != next_offset:
        result.add(where, f"has applied the log up to {offset}, its end is {next_offset}")
    for topic in sorted(positions.keys() | found.keys()):
        if positions.get(topic) != found.get(topic):
            what = f"goes on at {topic} {found.get(topic)}, the log says {positions.get(topic)}"
            result.add(where, what)


def _counted(rows: Iterator[Row], result: Result) -> Iterator[Row]:
    for row in rows:
        result.looked_at += 1
        yield row
