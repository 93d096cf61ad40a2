"""Adjustments: from the proposal to the entry, or to the end without one.

Owns: the events of the three commands and of the timer; who else must approve; funds.
Never: the entry itself (`ledger.adjustments`).

Large amounts need two checkers. The first approval is recorded and posts nothing; the adjustment
stays pending, and its timer goes on. Maker, checkers, reason and ticket stand in the events beside
the entry.
"""

from __future__ import annotations

from typing import Final

from ledger.adjustments import details_of, entry_of
from ledger.balances import balance_of
from ledger.calendar import SECOND_US
from ledger.case import Case, Moment
from ledger.chart import CUSTOMER_DEBT, WALLET_ACCOUNTS
from ledger.decisions.room import room_refusal
from ledger.decisions.transactions import amended, changed, moved, row_of
from ledger.errors import present
from ledger.guards.adjustments import Body
from ledger.refusal import Refusal, accepted, rejected
from ledger.verdict import Verdict
from ledger.view import WalletKey
from schemas.messages.commands import ApproveAdjustment, ProposeAdjustment, RejectAdjustment
from schemas.messages.events import AdjustmentRecorded, EntryPosted, TransactionMoved
from schemas.messages.journal import Posting
from schemas.messages.rows import AdjustmentRow, TransactionRow
from schemas.messages.vocabulary import (
    RejectionReason,
    Stage,
    TransactionKind,
    TransactionState,
)

PROCESSING: Final = TransactionState.PROCESSING
COMPLETED: Final = TransactionState.COMPLETED
REVERSED: Final = TransactionState.REVERSED


def act(case: Case, body: Body) -> Verdict:
    """Propose, approve or reject."""
    if isinstance(body, ProposeAdjustment):
        return _propose(case, body)
    key = (case.wallet_id, body.adjustment_id)
    row = present(case.moment.view.transactions.get(key), "adjustment")
    if isinstance(body, RejectAdjustment):
        return _reject(key, row, body.checker)
    return _approve(case, key, row, body)


def _propose(case: Case, body: ProposeAdjustment) -> Verdict:
    subject = (case.wallet_id, case.command.command_id)
    row = row_of(
        TransactionKind.ADJUSTMENT,
        body.currency,
        body.amount,
        counterparty=body.account,
        reference=body.ticket,
        maker=body.maker,
        due=case.moment.at + case.moment.programme.policy.adjustment_ttl_s * SECOND_US,
    )
    waiting = moved(subject, row, TransactionState.PENDING, reason=body.reason, actor=body.maker)
    return accepted((*waiting, AdjustmentRecorded(*subject, details_of(body))), Stage.PENDING)


def _reject(key: WalletKey, row: TransactionRow, checker: str) -> Verdict:
    """End it; its own maker withdraws it so."""
    withdrawn = checker == row.maker
    state = TransactionState.CANCELLED if withdrawn else TransactionState.FAILED
    return accepted(moved(key, changed(row, due=0), state, actor=checker))


def expire(key: WalletKey, row: TransactionRow) -> Verdict:
    """End what nobody decided on in time."""
    return accepted(moved(key, changed(row, due=0), TransactionState.EXPIRED))


def _approve(case: Case, key: WalletKey, row: TransactionRow, body: ApproveAdjustment) -> Verdict:
    details = _approved(case, key, body.checker)
    recorded = AdjustmentRecorded(*key, details)
    if len(details.checkers) < _needed(case.moment, row):
        return accepted((recorded,))
    entry = entry_of(key, row, details)
    refusal = _funds(case, entry) or room_refusal(case.moment, entry)
    if refusal is not None:
        return rejected(refusal)
    done = changed(row, done=row.amount, due=0)
    actor = ", ".join(details.checkers)
    steps = moved(key, done, PROCESSING, COMPLETED, reason=details.reason, actor=actor)
    return accepted((recorded, *steps, *_undone(case, row.amount, details), entry))


def _approved(case: Case, key: WalletKey, checker: str) -> AdjustmentRow:
    before = present(case.moment.view.adjustments.get(key), "adjustment")
    return AdjustmentRow(
        before.account,
        before.direction,
        before.reason,
        before.ticket,
        before.corrects,
        (*before.checkers, checker),
    )


def _needed(moment: Moment, row: TransactionRow) -> int:
    """Return how many must approve; the policy in force now says so."""
    programme = moment.programme
    base_amount = programme.base(row.currency, row.amount)
    return 2 if base_amount >= programme.policy.adjustment_two_checkers_minor else 1


def _funds(case: Case, entry: EntryPosted) -> Refusal | None:
    """Refuse what the wallet does not have, or does not owe."""
    for posting in entry.postings:
        if _held(case, posting) < 0:
            return Refusal(RejectionReason.INSUFFICIENT_FUNDS, posting.account)
    return None


def _held(case: Case, posting: Posting) -> int:
    """Return what is left of the money or debt that a posting takes from; 0 for all others."""
    if posting.account in WALLET_ACCOUNTS and posting.amount > 0:
        held = -balance_of(case.owner(), posting.account, posting.currency)
        return held - posting.amount
    if posting.account == CUSTOMER_DEBT and posting.amount < 0:
        owed = case.moment.view.accounts.get((CUSTOMER_DEBT, posting.owner, posting.currency))
        return (0 if owed is None else owed.minor) + posting.amount
    return 0


def _undone(case: Case, amount: int, details: AdjustmentRow) -> tuple[TransactionMoved, ...]:
    """Return what becomes of the adjustment that this one corrects."""
    if not details.corrects:
        return ()
    key = (case.wallet_id, details.corrects)
    row = present(case.moment.view.transactions.get(key), "corrected adjustment")
    left = changed(row, refunded=row.refunded + amount)
    if left.refunded < left.amount:
        return (amended(key, left),)
    return moved(key, left, REVERSED)
