"""Sales: a merchant is paid, directly or by captures, and its money matures.

Owns: SetMerchantTerms, Pay, what arrives at a merchant (F6, F7.4), and the end of its waiting time.
Never: refuses a sale where it arrives. The payer's entry is final: what cannot be the merchant's
is kept in SUSP:merchant.

A payment at its merchant is a transaction named `payer/id of its Pay or CaptureHold`. Of its
principal, `done` is what is not in M.PEND (any more), `reserve` what is in M.RSV for it. A debt of
the merchant is paid first, out of what would become payable.
"""

from __future__ import annotations

from typing import Final, final

from ledger.balances import held_in
from ledger.calendar import SECOND_US
from ledger.case import Case, Moment
from ledger.catalogue import posted
from ledger.chart import AVAILABLE, INT64_MAX
from ledger.decisions import reserves, suspended, travel
from ledger.decisions.incoming import admit
from ledger.decisions.merchants import debt_of, payment_id, terms_of
from ledger.decisions.outgoing import attempted, cleared, consumption_of, paid, refused
from ledger.decisions.payment import Consumption, Movement, Payment
from ledger.decisions.reserves import timed
from ledger.decisions.transactions import amended, changed, moved, row_of
from ledger.merchant_risk import judged
from ledger.outgoing import Intent
from ledger.programme import BASIS_POINTS
from ledger.refusal import Refusal, accepted
from ledger.standing import credit_refusal
from ledger.verdict import Verdict
from ledger.view import WalletKey
from schemas.messages.commands import Pay, SetMerchantTerms
from schemas.messages.decisions import Event
from schemas.messages.events import MerchantTermsSet
from schemas.messages.legs import Leg
from schemas.messages.rows import MerchantTermsRow, TransactionRow
from schemas.messages.vocabulary import (
    Purpose,
    RejectionReason,
    Stage,
    TransactionKind,
    TransactionState,
    WalletKind,
)


@final
class Split:
    """How a sale is parted: our fee, the reserve, a debt paid with it, and what has to mature."""

    __slots__ = ("fee", "pending", "recovered", "reserve")

    def __init__(self, amount: int, fee: int, reserve: int, debt: int) -> None:
        self.fee: Final = min(fee, amount)
        self.reserve: Final = min(reserve, amount - self.fee)
        net = amount - self.fee - self.reserve
        self.recovered: Final = min(debt, net)
        self.pending: Final = net - self.recovered


def act(case: Case, body: SetMerchantTerms | Pay) -> Verdict:
    """Return what a command of this family leads to."""
    if isinstance(body, Pay):
        return _pay(case, body)
    terms = MerchantTermsRow(
        body.mdr_bp,
        body.mdr_fixed_minor,
        body.reserve_bp,
        body.mature_after_s,
        body.fee_back,
        body.payout_plan,
        body.payout_rail,
        body.reserve_for_s,
    )
    return accepted((MerchantTermsSet(case.wallet_id, terms),))


def _pay(case: Case, body: Pay) -> Verdict:
    """Counters, limits, funds, fraud decision; the merchant is not asked."""
    intent = Intent(body.to_wallet_id, body.currency, body.amount, body.amount)
    outgoing = attempted(case, intent)
    if isinstance(outgoing, Verdict):
        return outgoing
    payment = Payment(
        case.command.command_id,
        Purpose.SALE,
        case.wallet_id,
        body.to_wallet_id,
        body.currency,
        body.amount,
        0,
        AVAILABLE,
        None,
        consumption_of(outgoing),
        body.order_ref,
    )
    movement = travel.send(case.moment, payment, (_departure(case.moment, "F6.1", payment),))
    if isinstance(movement, Refusal):
        return refused(case, outgoing, movement)
    risk = cleared(case, outgoing)
    if isinstance(risk, Verdict):
        return risk
    return paid(case, intent, outgoing, movement, risk)


def _departure(moment: Moment, flow: str, payment: Payment) -> Event:
    payer = payment.from_wallet_id
    owners = {"wallet": payer, "home": travel.home_of(moment, payment.to_wallet_id)}
    subject = (payer, payment.transfer_id)
    return posted(flow, subject, payment.currency, owners, {"amount": payment.amount})


def arrive(moment: Moment, leg: Leg) -> travel.Events:
    """Take a sale in, or keep its money in suspense."""
    if refusal(moment, leg) is not None:
        return suspended.kept(moment, leg)
    return sold(moment, leg, "F6.2")


def refusal(moment: Moment, leg: Leg) -> Refusal | None:
    """Say why a sale cannot be the merchant's: it is none, may not take it, or has no room."""
    merchant = leg.to_wallet_id
    row = moment.view.wallets.get(merchant)
    if row is None:
        return Refusal(RejectionReason.UNKNOWN_WALLET, merchant)
    if row.kind is not WalletKind.MERCHANT:
        return Refusal(RejectionReason.UNKNOWN_ACCOUNT, row.kind.name)
    blocked = credit_refusal(moment.view, merchant, row, leg.currency)
    if blocked is not None:
        return blocked
    if _is_known(moment, leg):
        return Refusal(RejectionReason.INVALID_TRANSITION, "payment_id")
    held = held_in(row.balances, leg.currency)
    has_room = leg.amount - held <= INT64_MAX
    return None if has_room else Refusal(RejectionReason.AMOUNT_OVERFLOW, "balance")


def _is_known(moment: Moment, leg: Leg) -> bool:
    """Tell whether the payment's name is in use: its payer took an id again, after 35 days."""
    name = payment_id(leg.from_wallet_id, leg.transfer_id)
    return moment.view.transactions.get((leg.to_wallet_id, name)) is not None


def captured(moment: Moment, leg: Leg) -> travel.Events | Refusal:
    """Take in what was captured for a merchant; it was admitted as any credit is."""
    if _is_known(moment, leg):
        return Refusal(RejectionReason.INVALID_TRANSITION, "payment_id")
    return sold(moment, leg, "F7.4")


def capture_here(moment: Moment, payment: Payment) -> Movement | Refusal:
    """Return the movement of a capture whose merchant lives on its payer's partition."""
    admitted = admit(moment, payment.to_wallet_id, payment.currency, payment.amount)
    if isinstance(admitted, Refusal):
        return Refusal(RejectionReason.RECIPIENT_REFUSED, admitted.reason.name)
    arrival = captured(moment, travel.own_leg(moment, payment))
    if isinstance(arrival, Refusal):
        return Refusal(RejectionReason.RECIPIENT_REFUSED, arrival.reason.name)
    return Movement((admitted, _departure(moment, "F7.3", payment), *arrival), Stage.FINAL)


def sold(moment: Moment, leg: Leg, flow: str) -> travel.Events:
    """Part a sale into what was agreed."""
    merchant = leg.to_wallet_id
    terms = terms_of(moment, merchant)
    found = judged(moment, leg)
    kept_bp = max(terms.reserve_bp, found.reserve_bp) if leg.purpose is Purpose.SALE else 0
    split = Split(
        leg.amount,
        leg.amount * terms.mdr_bp // BASIS_POINTS + terms.mdr_fixed_minor,
        leg.amount * kept_bp // BASIS_POINTS,
        debt_of(moment, merchant, leg.currency),
    )
    subject = (merchant, payment_id(leg.from_wallet_id, leg.transfer_id))
    entry = posted(
        flow,
        subject,
        leg.currency,
        {"home": str(leg.src_partition), "wallet": merchant},
        {
            "amount": leg.amount,
            "pending": split.pending,
            "reserve": split.reserve,
            "fee": split.fee,
            "recovered": split.recovered,
        },
    )
    row = _payment_row(moment, leg, split, terms)
    return (entry, *moved(subject, row, TransactionState.COMPLETED), found)


def _payment_row(moment: Moment, leg: Leg, split: Split, terms: MerchantTermsRow) -> TransactionRow:
    reserve_due = moment.at + terms.reserve_for_s * SECOND_US if terms.reserve_for_s > 0 else 0
    row = row_of(
        TransactionKind.PAYMENT,
        leg.currency,
        leg.amount,
        fee=split.fee,
        reserve=split.reserve,
        counterparty=leg.from_wallet_id,
        reference=leg.about,
        due=moment.at + terms.mature_after_s * SECOND_US,
        reserve_due=reserve_due,
        # No limit was consumed here; the day is when it was sold.
        consumption=Consumption(-1, moment.programme.calendar.day(moment.at), 0, 0),
    )
    return timed(changed(row, done=leg.amount - split.pending))


def due(moment: Moment, subject: WalletKey, row: TransactionRow) -> Verdict:
    """Make payable what of a payment still waits, and later its reserve."""
    if row.amount == row.done:
        return reserves.due(moment, subject, row)
    waiting = {"amount": row.amount - row.done}
    entry = posted("F6.3", subject, row.currency, {"wallet": subject[0]}, waiting)
    matured = timed(changed(row, done=row.amount))
    return accepted((entry, amended(subject, matured, "matured")))
