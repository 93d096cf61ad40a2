"""What the log's newest end shows: Decisions, the wallets that moved, transfers on their way.

Owns: their columns and rows.
Never: reads; `followed.py` has folded.
"""

from __future__ import annotations

from typing import Final

from ops.console import money_text, time_text
from ops.described import input_text, outcome_text, row_of
from ops.web.board import Board
from ops.web.followed import Seen
from ops.web.shown import Column, Content, Panel

SHOWN: Final = 50
OLDER: Final = "Only what was decided since shortly before this console was started is known here"


def decisions(board: Board, about: str) -> Content:  # noqa: ARG001 - every panel's question
    """Return the latest Decisions, newest first."""
    seen = board.log.known()
    return Content([row_of(each) for each in seen.latest[:SHOWN]], _missed(seen))


def wallets(board: Board, about: str) -> Content:  # noqa: ARG001
    """Return the wallets that the latest Decisions were addressed to."""
    seen = board.log.known()
    rows = [
        {
            "wallet": each.decision.wallet_id,
            "partition": each.decision.partition,
            "last decided": time_text(each.decision.decided_at),
            "input": input_text(each.decision),
            "outcome": outcome_text(each.decision),
        }
        for each in seen.wallets[:SHOWN]
    ]
    return Content(rows)


def travelling(board: Board, about: str) -> Content:  # noqa: ARG001
    """Return the transfers that have left their partition and are not answered, oldest first."""
    seen = board.log.known()
    rows = [
        {
            "left": time_text(each.left_at),
            "from": each.from_wallet_id,
            "to": each.to_wallet_id,
            "amount": money_text(each.amount, each.currency),
            "partitions": f"{each.from_partition} to {each.to_partition}",
            "asks again": time_text(each.ask_at),
            "transfer": each.transfer_id,
        }
        for each in sorted(seen.travelling, key=lambda each: each.left_at)[:SHOWN]
    ]
    more = len(seen.travelling) - len(rows)
    return Content(rows, f"{OLDER}{f'; {more} more are on their way' if more else ''}.")


def _missed(seen: Seen) -> str:
    return f"{seen.missed:,} Decisions came faster than they are read here." if seen.missed else ""


DECISIONS: Final = Panel(
    "decisions",
    "Latest Decisions",
    (
        Column("decided", "time"),
        Column("partition", "number"),
        Column("sequence", "number"),
        Column("wallet", "wallet"),
        Column("input"),
        Column("outcome", "mark"),
        Column("entries"),
        Column("command", "id"),
    ),
    decisions,
    "The log is empty.",
    every_s=1,
)
WALLETS: Final = Panel(
    "wallets",
    "Wallets that moved last",
    (
        Column("wallet", "wallet"),
        Column("partition", "number"),
        Column("last decided", "time"),
        Column("input"),
        Column("outcome", "mark"),
    ),
    wallets,
    "No wallet has moved.",
)
TRAVELLING: Final = Panel(
    "travelling",
    "Transfers on their way between partitions",
    (
        Column("left", "time"),
        Column("from", "wallet"),
        Column("to", "wallet"),
        Column("amount", "amount"),
        Column("partitions"),
        Column("asks again", "time"),
        Column("transfer", "id"),
    ),
    travelling,
    "Nothing is on its way.",
    every_s=1,
)
