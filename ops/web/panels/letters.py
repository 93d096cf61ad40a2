"""Dead letters: what nobody could read or route, newest first.

Owns: columns.
Never: sends a letter again; `ledgerctl dlq` does.
"""

from __future__ import annotations

from typing import Final

from ops.web.board import Board
from ops.web.shown import Column, Content, Panel

SHOWN: Final = 100


def letters(board: Board, about: str) -> Content:  # noqa: ARG001 - every panel's question
    """Return the newest letters."""
    found = board.letters.known()
    waiting = sum(not each["done"] for each in found)
    note = f"{waiting:,} of {len(found):,} were neither sent again nor discarded." if found else ""
    return Content(list(reversed(found))[:SHOWN], note)


LETTERS: Final = Panel(
    "letters",
    "Dead letters, newest first",
    (
        Column("appended", "time"),
        Column("letter", "id"),
        Column("reason"),
        Column("source"),
        Column("key", "id"),
        Column("bytes", "number"),
        Column("detail"),
        Column("decision", "id"),
        Column("done", "mark"),
    ),
    letters,
    "There are no dead letters.",
)
