"""Disputes: the disputed money of a payment is held, then divided (F9).

Owns: opening, answering, deciding and withdrawing a dispute, its deadline, and the fee of a
merchant who lost.
Never: chooses a status outside `ledger.disputes`; fails where the buyer's part arrives.

What the merchant keeps becomes payable, wherever it was taken from; a debt is paid first.
"""

from __future__ import annotations

from typing import Final, final

from ledger.calendar import SECOND_US
from ledger.case import Case, Moment
from ledger.catalogue import posted
from ledger.decisions import travel
from ledger.decisions.funding import drawn, funding_of, payable_of
from ledger.decisions.merchants import debt_of, gave_back
from ledger.decisions.payment import Movement, Payment
from ledger.decisions.refunds import reversed_or
from ledger.decisions.reserves import due_of
from ledger.decisions.transactions import NOTHING_CONSUMED, amended, changed, moved, row_of
from ledger.disputes import (
    ENDINGS,
    DisputeStatus,
    DisputeVerb,
    status_of,
    verdict_of,
    walked,
)
from ledger.errors import InvariantError, present
from ledger.refusal import Refusal, accepted, rejected
from ledger.verdict import Verdict
from ledger.view import WalletKey
from schemas.messages.commands import (
    OpenDispute,
    ResolveDispute,
    SubmitEvidence,
    WithdrawDispute,
)
from schemas.messages.decisions import Event
from schemas.messages.events import EntryPosted, EvidenceSubmitted
from schemas.messages.rows import Evidence, EvidenceRow, TransactionRow
from schemas.messages.vocabulary import (
    FeeFlow,
    Purpose,
    Stage,
    TransactionKind,
    TransactionState,
)


@final
class Ending:
    """How a dispute ends: what the buyer gets of it, and by which movement."""

    __slots__ = ("status", "to_buyer", "transfer_id")

    def __init__(self, status: DisputeStatus, to_buyer: int, transfer_id: str) -> None:
        self.status: Final = status
        self.to_buyer: Final = to_buyer
        self.transfer_id: Final = transfer_id


def act(
    case: Case, body: OpenDispute | ResolveDispute | WithdrawDispute | SubmitEvidence
) -> Verdict:
    """Return what a command of this family leads to."""
    if isinstance(body, OpenDispute):
        return _open(case, body)
    key = (case.wallet_id, body.dispute_id)
    row = present(case.moment.view.transactions.get(key), "dispute")
    if isinstance(body, SubmitEvidence):
        return _answer(case.moment, key, row, body)
    command_id = case.command.command_id
    if isinstance(body, WithdrawDispute):
        ending = Ending(walked(DisputeVerb.WITHDRAW), 0, command_id)
    else:
        to_buyer = body.to_buyer or 0
        verdict = verdict_of(row.amount, to_buyer)
        status = _judged(case.moment, key, verdict)
        ending = Ending(status, to_buyer, command_id)
    movement = _ended(case.moment, key, row, ending)
    if isinstance(movement, Refusal):
        return rejected(movement)
    return accepted(movement.events, movement.stage)


def _judged(moment: Moment, key: WalletKey, verdict: DisputeVerb) -> DisputeStatus:
    start = status_of(moment.view.evidence.get(key))
    if start is DisputeStatus.UNDER_REVIEW:
        return walked(verdict, start=start)
    return walked(DisputeVerb.ASK, DisputeVerb.JUDGE, verdict)


def _answer(moment: Moment, key: WalletKey, row: TransactionRow, body: SubmitEvidence) -> Verdict:
    """Add to the evidence; with the first of it the deadline makes nobody lose any more."""
    before = moment.view.evidence.get(key)
    deadline, earlier = (row.due, ()) if before is None else (before.deadline, before.evidence)
    piece = Evidence(body.evidence_ref, body.digest, moment.at)
    submitted = EvidenceSubmitted(*key, EvidenceRow(deadline, (*earlier, piece)))
    return accepted((submitted, amended(key, changed(row, due=0), body.evidence_ref)))


def missed(moment: Moment, key: WalletKey, row: TransactionRow) -> Verdict:
    """The merchant let its deadline pass: the buyer gets everything."""
    status = walked(DisputeVerb.ASK, DisputeVerb.MISS)
    # No id has a slash: no command's movement has this name.
    movement = _ended(moment, key, row, Ending(status, row.amount, f"{key[1]}/deadline"))
    if isinstance(movement, Refusal):
        raise InvariantError(f"dispute {key[1]} of {key[0]} cannot end: {movement.detail}")
    return accepted(movement.events)


def _open(case: Case, body: OpenDispute) -> Verdict:
    moment = case.moment
    payment_key = (case.wallet_id, body.payment_id)
    payment = present(moment.view.transactions.get(payment_key), "payment")
    funding = funding_of(moment, case.wallet_id, payment, body.amount)
    key = (case.wallet_id, case.command.command_id)
    entry = posted(
        "F9.1",
        key,
        payment.currency,
        {"wallet": case.wallet_id, "thing": thing_of(key)},
        {**funding.amounts(), "amount": body.amount},
    )
    left = drawn(payment, funding)
    held = changed(
        left,
        disputed=payment.disputed + body.amount,
        due=due_of(left, TransactionState.DISPUTED),
    )
    row = row_of(
        TransactionKind.DISPUTE,
        payment.currency,
        body.amount,
        counterparty=payment.counterparty,
        reference=body.payment_id,
        due=moment.at + moment.programme.policy.dispute_evidence_s * SECOND_US,
    )
    return accepted(
        (
            entry,
            *moved(payment_key, held, TransactionState.DISPUTED, reason=key[1]),
            *moved(key, row, TransactionState.PENDING, reason=body.evidence_ref),
            gave_back(moment, case.wallet_id, payment.currency, 0),
        )
    )


def thing_of(key: WalletKey) -> str:
    """Name the account of a dispute; two merchants may have one of the same id."""
    return f"{key[0]}/{key[1]}"


def _ended(
    moment: Moment, key: WalletKey, row: TransactionRow, ending: Ending
) -> Movement | Refusal:
    merchant = key[0]
    kept = row.amount - ending.to_buyer
    recovered = min(debt_of(moment, merchant, row.currency), kept)
    payable = payable_of(moment, merchant, row.currency) + kept - recovered
    events = (
        _divided(moment, key, row, ending, recovered),
        *_fee(moment, key, row.currency, ending, payable),
        *_payment_after(moment, (merchant, row.reference), kept, ending),
        *_closed(key, row, ending),
    )
    if ending.to_buyer == 0:
        return Movement(events, Stage.FINAL)
    payment = Payment(
        ending.transfer_id,
        Purpose.DISPUTE,
        merchant,
        row.counterparty,
        row.currency,
        ending.to_buyer,
        0,
        "",
        None,
        NOTHING_CONSUMED,
        row.reference,
    )
    return travel.send(moment, payment, events)


def _divided(
    moment: Moment, key: WalletKey, row: TransactionRow, ending: Ending, recovered: int
) -> EntryPosted:
    home = travel.home_of(moment, row.counterparty)
    owners = {"wallet": key[0], "thing": thing_of(key), "home": home}
    amounts = {
        "amount": row.amount,
        "buyer": ending.to_buyer,
        "kept": row.amount - ending.to_buyer - recovered,
        "recovered": recovered,
    }
    return posted("F9.2", key, row.currency, owners, amounts)


def _fee(
    moment: Moment, key: WalletKey, currency: str, ending: Ending, payable: int
) -> tuple[Event, ...]:
    """Charge a merchant of whom the buyer won anything."""
    fee = moment.programme.fee(FeeFlow.DISPUTE, ending.to_buyer) if ending.to_buyer > 0 else 0
    if fee == 0:
        return ()
    paid = min(fee, payable)
    amounts = {"payable": paid, "short": fee - paid, "fee": fee}
    return (posted("F9.4", key, currency, {"wallet": key[0]}, amounts),)


def _payment_after(moment: Moment, key: WalletKey, kept: int, ending: Ending) -> tuple[Event, ...]:
    payment = present(moment.view.transactions.get(key), "disputed payment")
    after = changed(payment, disputed=payment.disputed - kept)
    state = reversed_or(after, TransactionState.COMPLETED)
    # A reserve whose time came meanwhile is released by the next timer.
    after = changed(after, due=due_of(after, state))
    return moved(key, after, state, reason=ending.status.value)


def _closed(key: WalletKey, row: TransactionRow, ending: Ending) -> tuple[Event, ...]:
    after = changed(row, done=row.amount, refunded=ending.to_buyer, due=0)
    end = ENDINGS[ending.status]
    withdrawn = ending.status is DisputeStatus.WITHDRAWN
    path = (end,) if withdrawn else (TransactionState.PROCESSING, end)
    return moved(key, after, *path, reason=ending.status.value)
