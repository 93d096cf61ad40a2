"""What the reconciliation found: what is not ended, and how far cuts got.

Owns: columns.
Never: compares; the match job did. Rows are those of `ledgerctl recon breaks` and `recon cuts`.
"""

from __future__ import annotations

from typing import Final

from ingress.sdk.stamp import now_us
from ops.recon.breaks import break_rows
from ops.recon.cuts import cut_row
from ops.web.board import Board
from ops.web.shown import Column, Content, Panel

BREAKS_SHOWN: Final = 100
CUTS_SHOWN: Final = 5


def breaks(board: Board, about: str) -> Content:  # noqa: ARG001 - every panel's question
    """Return what is not ended, oldest first."""
    rows = break_rows(board.recon.known().found, now_us(), also_closed=False)
    more = len(rows) - BREAKS_SHOWN
    return Content(rows[:BREAKS_SHOWN], f"{more} more are not shown." if more > 0 else "")


def cuts(board: Board, about: str) -> Content:  # noqa: ARG001
    """Return the newest cuts, newest first."""
    told = board.recon.known()
    newest = sorted(told.found.cuts.values(), key=lambda each: -each.k)[:CUTS_SHOWN]
    return Content([cut_row(each, told.partitions) for each in newest])


BREAKS: Final = Panel(
    "breaks",
    "Breaks and exceptions that are not ended, oldest first",
    (
        Column("id", "id"),
        Column("check"),
        Column("severity", "mark"),
        Column("about"),
        Column("at stake", "amount"),
        Column("state"),
        Column("who"),
        Column("since", "time"),
        Column("due"),
        Column("detail"),
        Column("repair"),
    ),
    breaks,
    "No break is open.",
)
CUTS: Final = Panel(
    "cuts",
    "What was in flight at the newest cuts",
    (
        Column("cut", "number"),
        Column("label"),
        Column("taken", "number"),
        Column("equal", "mark"),
        Column("in flight", "amount"),
        Column("IB accounts", "amount"),
        Column("open", "number"),
        Column("legs behind/ahead", "number"),
    ),
    cuts,
    "No cut was taken; `ledgerctl recon cut` takes one.",
)
