"""RI08: the tables of a partition are the fold of its log up to where they say they have come.

Owns: the break that rows of one table make.
Never: reads or rebuilds a table; who runs the round does.

The writer decides by its tables. A row that is not what the log leads to was changed outside, or
lost by a disk, or the fold is not what it was; whatever is decided by it afterwards may be wrong,
and is in the log for good. So a break is never ended by waiting. It names the table and the first
key: rows of one table that differ are one break, since what broke one broke the others.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from schemas.messages.vocabulary import ReconAction, ReconSeverity
from streams.reconciliation.external.exceptions.difference import Difference
from streams.reconciliation.external.exceptions.kinds import Kind
from streams.reconciliation.rounds.check import RoundCheck

CHECK: Final = RoundCheck(Kind.RI08, ReconSeverity.CRITICAL, ReconAction.CRITICAL)

Row = tuple[bytes, bytes]


class RowBreak(NamedTuple):
    """A row that differs; `key` in words."""

    table: str
    key: str
    what: str


def compare_rows(log: Iterator[Row], owner: Iterator[Row]) -> Iterator[tuple[bytes, str]]:
    """Yield each key in which two stores differ, and how; both in key order."""
    ours, theirs = next(log, None), next(owner, None)
    while ours is not None or theirs is not None:
        if theirs is None or (ours is not None and ours[0] < theirs[0]):
            assert ours is not None, "one of them is there"
            yield ours[0], "is missing"
            ours = next(log, None)
        elif ours is None or theirs[0] < ours[0]:
            yield theirs[0], "does not follow from the log"
            theirs = next(owner, None)
        else:
            if ours[1] != theirs[1]:
                yield ours[0], "holds something else"
            ours, theirs = next(log, None), next(owner, None)


def failed(
    partition: int, next_offset: int, differing: Iterable[RowBreak]
) -> tuple[Difference, ...]:
    """Return a break for each table of a partition that has rows which differ."""
    tables: dict[str, list[RowBreak]] = {}
    for each in differing:
        tables.setdefault(each.table, []).append(each)
    return tuple(
        Difference(
            Kind.RI08,
            f"partition {partition}",
            "",
            0,
            f"partition {partition}, table {table}",
            f"{len(rows)} rows before offset {next_offset}; {rows[0].key} {rows[0].what}",
        )
        for table, rows in sorted(tables.items())
    )
