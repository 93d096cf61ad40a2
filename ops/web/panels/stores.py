"""What PostgreSQL shows of all wallets: open holds.

Owns: their columns and rows.
Never: asks the store; its own reads do.
"""

from __future__ import annotations

from typing import Final

from ops.console import money_text, time_text
from ops.web.board import Board
from ops.web.shown import Column, Content, Panel

NEVER: Final = 0


def holds(board: Board, about: str) -> Content:  # noqa: ARG001 - every panel's question
    """Return open holds, the next to expire first."""
    rows = [
        {
            "wallet": each.wallet_id,
            "hold": each.hold_id,
            "for": each.to_wallet_id,
            "reserved": money_text(each.remaining, each.currency),
            "placed": time_text(each.placed_at),
            "age": each.bucket,
            "expires": None if each.expires_at == NEVER else time_text(each.expires_at),
            "state": "overdue" if each.overdue else "open",
        }
        for each in board.holds.known()
    ]
    return Content(rows)


HOLDS: Final = Panel(
    "holds",
    "Open holds, the next to expire first",
    (
        Column("wallet", "wallet"),
        Column("hold", "id"),
        Column("for", "wallet"),
        Column("reserved", "amount"),
        Column("placed", "time"),
        Column("age"),
        Column("expires", "time"),
        Column("state", "mark"),
    ),
    holds,
    "No hold is open.",
)
