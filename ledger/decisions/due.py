"""Due: a transaction's timer has come.

Owns: which kinds wait for a time, and that a timer belongs to a row as it stands.
Never: what happens then; that is the kind's own file.
"""

from __future__ import annotations

from ledger.case import Moment
from ledger.decisions import adjustments, claims, disputes, escrows, requests, sales
from ledger.errors import InvariantError
from ledger.verdict import Verdict
from schemas.messages.rows import TimerRow
from schemas.messages.vocabulary import TransactionKind


def transaction_due(moment: Moment, timer: TimerRow) -> Verdict:
    """Return what becomes of a transaction whose time has come."""
    key = (timer.wallet_id, timer.timer_id)
    row = moment.view.transactions.get(key)
    if row is None or row.due != timer.due:
        raise InvariantError(f"stale timer of transaction {timer.timer_id} of {timer.wallet_id}")
    if row.kind is TransactionKind.ESCROW:
        return escrows.expire(key, row)
    if row.kind is TransactionKind.P2P_CLAIM:
        return claims.expire(key, row)
    if row.kind is TransactionKind.REQUEST_MONEY:
        return requests.expire(key, row)
    if row.kind is TransactionKind.ADJUSTMENT:
        return adjustments.expire(key, row)
    if row.kind is TransactionKind.PAYMENT:
        return sales.due(moment, key, row)
    if row.kind is TransactionKind.DISPUTE:
        return disputes.missed(moment, key, row)
    raise InvariantError(f"nothing of a {row.kind} waits for a time")
