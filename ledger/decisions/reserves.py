"""Reserves: what is kept back of a sale is released, once.

Owns: ReleaseReserve, the release when its time has come (F6.4r), and when a payment's timer wakes
it next.
Never: keeps anything back (`ledger.decisions.sales`); releases the reserve of a disputed payment,
which the dispute may still need.

A payment has one timer: for its pending money first, then for its reserve. What a refund or a
dispute took is no longer in its row, so that only the rest is released, and after that nothing.
"""

from __future__ import annotations

from ledger.case import Case, Moment
from ledger.catalogue import posted
from ledger.decisions.merchants import debt_of
from ledger.decisions.transactions import amended, changed
from ledger.errors import InvariantError, present
from ledger.refusal import accepted
from ledger.verdict import Verdict
from ledger.view import WalletKey
from schemas.messages.commands import ReleaseReserve
from schemas.messages.rows import TransactionRow
from schemas.messages.vocabulary import TransactionState


def due_of(row: TransactionRow, state: TransactionState) -> int:
    """Return when a payment in a state is woken; one whose dispute outlasted that, at once."""
    if row.done < row.amount:
        return row.due  # its pending money matures first
    if row.reserve == 0 or state is TransactionState.DISPUTED:
        return 0
    return row.reserve_due


def timed(row: TransactionRow) -> TransactionRow:
    """Return a payment with the timer that fits what is left of it."""
    return changed(row, due=due_of(row, row.state))


def act(case: Case, body: ReleaseReserve) -> Verdict:
    """Release a reserve by hand."""
    key = (case.wallet_id, body.payment_id)
    row = present(case.moment.view.transactions.get(key), "payment")
    return _released(case.moment, key, row)


def due(moment: Moment, key: WalletKey, row: TransactionRow) -> Verdict:
    """Release a reserve whose time has come."""
    if row.reserve == 0 or row.state is TransactionState.DISPUTED:
        raise InvariantError(f"nothing of payment {key[1]} waits to be paid out")
    return _released(moment, key, row)


def _released(moment: Moment, key: WalletKey, row: TransactionRow) -> Verdict:
    recovered = min(debt_of(moment, key[0], row.currency), row.reserve)
    amounts = {
        "amount": row.reserve,
        "recovered": recovered,
        "payable": row.reserve - recovered,
    }
    entry = posted("F6.4r", key, row.currency, {"wallet": key[0]}, amounts)
    left = timed(changed(row, reserve=0))
    return accepted((entry, amended(key, left, "reserve released")))
