"""Transactions: the events that take one through its lifecycle.

Owns: the first row of a transaction, each next one, and that no step leaves the table.
Never: asks whether a step is allowed; the state guard did, so a forbidden one is a bug.
"""

from __future__ import annotations

from typing import Final

from ledger.decisions.payment import Consumption
from ledger.errors import InvariantError
from ledger.lifecycle import may_follow
from ledger.view import WalletKey
from schemas.messages.events import TransactionMoved
from schemas.messages.rows import TransactionRow
from schemas.messages.vocabulary import TransactionKind, TransactionState

NOTHING_CONSUMED: Final = Consumption(-1, 0, 0, 0)


def row_of(  # noqa: PLR0913 - the fields that differ from kind to kind
    kind: TransactionKind,
    currency: str,
    amount: int,
    *,
    fee: int = 0,
    reserve: int = 0,
    counterparty: str = "",
    rail: str = "",
    reference: str = "",
    due: int = 0,
    reserve_due: int = 0,
    maker: str = "",
    other_currency: str = "",
    other_amount: int = 0,
    consumption: Consumption = NOTHING_CONSUMED,
) -> TransactionRow:
    """Return a transaction that nothing has been done with yet."""
    return TransactionRow(
        kind,
        TransactionState.INITIATED,
        currency,
        amount,
        fee,
        0,
        0,
        0,
        reserve,
        other_currency,
        other_amount,
        maker,
        counterparty,
        rail,
        reference,
        due,
        consumption.entry,
        consumption.day,
        consumption.month,
        consumption.base_amount,
        reserve_due=reserve_due,
    )


def changed(  # noqa: PLR0913 - the fields that may change
    row: TransactionRow,
    *,
    state: TransactionState | None = None,
    fee: int | None = None,
    done: int | None = None,
    refunded: int | None = None,
    fee_refunded: int | None = None,
    reserve: int | None = None,
    reference: str | None = None,
    due: int | None = None,
    disputed: int | None = None,
    rail: str | None = None,
) -> TransactionRow:
    """Return the row with other amounts, reference or timer; its state changes by `moved` only."""
    return TransactionRow(
        row.kind,
        row.state if state is None else state,
        row.currency,
        row.amount,
        row.fee if fee is None else fee,
        row.done if done is None else done,
        row.refunded if refunded is None else refunded,
        row.fee_refunded if fee_refunded is None else fee_refunded,
        row.reserve if reserve is None else reserve,
        row.other_currency,
        row.other_amount,
        row.maker,
        row.counterparty,
        row.rail if rail is None else rail,
        row.reference if reference is None else reference,
        row.due if due is None else due,
        row.entry,
        row.day,
        row.month,
        row.base_amount,
        row.disputed if disputed is None else disputed,
        row.reserve_due,
    )


def moved(
    subject: WalletKey,
    row: TransactionRow,
    *path: TransactionState,
    reason: str = "",
    actor: str = "",
) -> tuple[TransactionMoved, ...]:
    """Return the events that take a transaction along `path`; its amounts are those of `row`."""
    events: list[TransactionMoved] = []
    before = row.state
    for after in path:
        if not may_follow(row.kind, before, after):
            raise InvariantError(f"{row.kind} {subject[1]} cannot go from {before} to {after}")
        events.append(TransactionMoved(*subject, before, reason, actor, changed(row, state=after)))
        before = after
    return tuple(events)


def amended(subject: WalletKey, row: TransactionRow, reason: str = "") -> TransactionMoved:
    """Return the event of a transaction that stays where it stands, with other amounts."""
    return TransactionMoved(*subject, row.state, reason, "", row)
