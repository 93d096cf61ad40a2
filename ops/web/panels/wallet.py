"""One wallet: standing, balances in both stores, holds, transactions and Decisions.

Owns: their columns and rows. Amounts are a customer's: credits are positive.
Never: asks a store; their own reads do.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from ops.console import money_text, time_text
from ops.described import transaction_row_of
from ops.web.board import Board
from ops.web.shown import Column, Content, Panel
from sinks.answers import Balance

NEVER: Final = 0


def standing(board: Board, about: str) -> Content:
    """Return the wallet's standing, one row."""
    found = board.wallet(about).standing
    if found is None:
        return Content(())
    blocked = [
        name
        for name, is_so in (("debits", found.debit_blocked), ("credits", found.credit_blocked))
        if is_so
    ]
    row = {
        "wallet": found.wallet_id,
        "kind": found.kind,
        "tier": found.tier,
        "status": found.status,
        "blocked": " and ".join(blocked) or "nothing",
        "partition": found.partition,
        "opened": time_text(found.opened_at),
    }
    return Content([row])


def balances(board: Board, about: str) -> Content:
    """Return what PostgreSQL has."""
    return Content(list(_balances(board.wallet(about).balances)))


def beside(board: Board, about: str) -> Content:
    """Return what Redis has."""
    return Content(list(_balances(board.beside(about))))


def holds(board: Board, about: str) -> Content:
    """Return the newest holds."""
    rows = [
        {
            "hold": each.hold_id,
            "for": each.to_wallet_id,
            "authorized": money_text(each.authorized, each.currency),
            "captured": money_text(each.captured, each.currency),
            "released": money_text(each.released, each.currency),
            "expires": None if each.expires_at == NEVER else time_text(each.expires_at),
            "status": each.status,
        }
        for each in board.wallet(about).holds
    ]
    return Content(rows)


def transactions(board: Board, about: str) -> Content:
    """Return the transactions that changed last."""
    return Content([transaction_row_of(each) for each in board.wallet(about).transactions])


def history(board: Board, about: str) -> Content:
    """Return the newest Decisions addressed to it."""
    rows = [
        {
            "decided": time_text(each.decided_at),
            "sequence": each.sequence,
            "source": each.source,
            "outcome": " ".join(filter(None, (each.outcome, each.reason, each.detail))),
            "stage": each.stage,
            "command": each.command_id,
        }
        for each in board.wallet(about).history
    ]
    return Content(rows)


def _balances(found: Iterable[Balance]) -> Iterable[dict[str, Any]]:
    for each in found:
        yield {
            "account": each.account,
            "amount": money_text(-each.minor, each.currency),
            "sequence": each.sequence,
        }


_BALANCES: Final = (Column("account"), Column("amount", "amount"), Column("sequence", "number"))
_NO_BALANCE: Final = "No account was ever touched."
OF_WALLET: Final = (
    Panel(
        "standing",
        "Standing",
        (
            Column("wallet", "id"),
            Column("kind"),
            Column("tier"),
            Column("status", "mark"),
            Column("blocked"),
            Column("partition", "number"),
            Column("opened", "time"),
        ),
        standing,
        "PostgreSQL knows no wallet of this name.",
    ),
    Panel("balances", "Balances, as PostgreSQL has them", _BALANCES, balances, _NO_BALANCE),
    Panel("beside", "Balances, as Redis has them", _BALANCES, beside, _NO_BALANCE),
    Panel(
        "wallet-holds",
        "Holds",
        (
            Column("hold", "id"),
            Column("for", "wallet"),
            Column("authorized", "amount"),
            Column("captured", "amount"),
            Column("released", "amount"),
            Column("expires", "time"),
            Column("status", "mark"),
        ),
        holds,
        "No hold was ever placed.",
    ),
    Panel(
        "transactions",
        "Transactions",
        (
            Column("changed", "time"),
            Column("transaction", "id"),
            Column("kind"),
            Column("state", "mark"),
            Column("amount", "amount"),
            Column("fee", "amount"),
            Column("other side"),
            Column("rail"),
            Column("reference", "id"),
        ),
        transactions,
        "No transactions.",
    ),
    Panel(
        "history",
        "Decisions",
        (
            Column("decided", "time"),
            Column("sequence", "number"),
            Column("source"),
            Column("outcome", "mark"),
            Column("stage"),
            Column("command", "id"),
        ),
        history,
        "No Decision was addressed to it.",
    ),
)
