"""Workers: what every worker of this machine says of its partitions.

Owns: columns.
Never: judges a halt, releases one; `ledgerctl partitions` does.
"""

from __future__ import annotations

from typing import Final

from ops.web.board import Board
from ops.web.shown import Column, Content, Panel


def workers(board: Board, about: str) -> Content:  # noqa: ARG001 - every panel's question
    """Return a row for each partition of each job; what is halted first."""
    found = sorted(board.workers.known(), key=lambda row: row["state"] != "halted")
    return Content(found)


WORKERS: Final = Panel(
    "workers",
    "Partitions of every job, as workers of this machine say",
    (
        Column("job"),
        Column("partition", "number"),
        Column("worker"),
        Column("state", "mark"),
        Column("said"),
        Column("trouble"),
    ),
    workers,
    "No worker has written to the state folder.",
    form="dense",
)
