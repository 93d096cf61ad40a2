"""State: the rows of a writer in memory, held against a fold of the log.

Owns: the comparison, row by row and byte by byte, of one partition's tables.
Never: opens a database; `ops/checker/state.py` compares those, without holding all rows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ledger.fold import close_group, fold
from ledger.view import MemoryRows, PartitionView, memory_view
from streams.wallet.tables import TABLES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ledger.sealing import SealedGroup

SHOWN: Final = 5

Rows = dict[bytes, bytes]


def folded(groups: Iterable[SealedGroup]) -> PartitionView:
    """Return the tables of one partition, folded from its log alone."""
    view = memory_view()
    for group in groups:
        for decision in group.decisions:
            fold(view, decision)
        close_group(view, group.chain)
    return view


def encoded(view: PartitionView) -> Rows:
    """Return every row of a view over dictionaries, as the store would hold it."""
    rows: Rows = {}
    for spec in TABLES:
        table: MemoryRows[Any, Any] = getattr(view, spec.name)
        for key, row in table.rows.items():
            rows[spec.prefix + spec.encode_key(key)] = spec.encode(row)
    return rows


def state_differences(log: Mapping[bytes, bytes], store: Mapping[bytes, bytes]) -> list[str]:
    """Name the tables and keys in which a store differs from the fold; the first few of each."""
    names = {spec.prefix: spec.name for spec in TABLES}
    differing: dict[str, list[str]] = {}
    for key in log.keys() | store.keys():
        if log.get(key) != store.get(key):
            what = "missing" if key not in store else "extra" if key not in log else "different"
            differing.setdefault(names[key[:1]], []).append(f"{key[1:]!r} {what}")
    return [
        f"{table}: {len(keys)} rows, such as {'; '.join(sorted(keys)[:SHOWN])}"
        for table, keys in sorted(differing.items())
    ]
