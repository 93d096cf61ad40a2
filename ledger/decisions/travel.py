"""Travel: money on its way to another wallet for a purpose of its own.

Owns: the way out (`send`), and what each purpose does when its money arrives, was delivered or was
refused. A TRANSFER and a CAPTURE have their own, faster way in `ledger.decisions.payment`.
Never: takes the money from where it is; the caller's `departure` does, by crediting IB:{home}.

A recipient on this partition is reached through IB:{this partition}: the same two entries as
between partitions, in one Decision, so that the account is zero again at once.
"""

from __future__ import annotations

from typing import Final

from ledger.case import Moment
from ledger.chart import IN_FLIGHT, INT64_MIN
from ledger.decisions import landings, refunds, sales, suspended, suspense
from ledger.decisions.payment import Movement, Payment, sent
from ledger.errors import InvariantError
from ledger.refusal import Refusal
from schemas.messages.decisions import Event
from schemas.messages.legs import Leg
from schemas.messages.rows import SagaRow
from schemas.messages.vocabulary import LegKind, Purpose, RejectionReason, Stage

Events = tuple[Event, ...]
# Nobody refuses these, so that nothing waits for their arrival.
FINAL_WHEN_SENT: Final = frozenset({Purpose.SALE, Purpose.REFUND, Purpose.DISPUTE})


def home_of(moment: Moment, wallet_id: str) -> str:
    """Return the partition of a wallet, as the owner of the IB account that leads there."""
    return str(moment.place.home_of(moment.view, wallet_id))


def send(moment: Moment, payment: Payment, departure: Events) -> Movement | Refusal:
    """Return the events from departure on; RECIPIENT_REFUSED when that is known at once."""
    home = moment.place.home_of(moment.view, payment.to_wallet_id)
    if home != moment.place.partition:
        row = moment.view.accounts.get((IN_FLIGHT, str(home), payment.currency))
        if row is not None and row.minor - payment.amount < INT64_MIN:
            return Refusal(RejectionReason.AMOUNT_OVERFLOW, IN_FLIGHT)
        movement = sent(moment, payment, home)
        return Movement((*departure, *movement.events), movement.stage)
    leg = own_leg(moment, payment)
    arrival = arrive(moment, leg)
    if isinstance(arrival, Refusal):
        return Refusal(RejectionReason.RECIPIENT_REFUSED, arrival.reason.name)
    return Movement((*departure, *arrival, *delivered(moment, leg)), Stage.FINAL)


def arrive(moment: Moment, leg: Leg) -> Events | Refusal:
    """Return what a CREDIT does where it arrives; the entry debits IB:{source}."""
    if leg.purpose is Purpose.SALE:
        return sales.arrive(moment, leg)
    if leg.purpose is Purpose.REFUND:
        return refunds.arrive(moment, leg, "F8.2")
    if leg.purpose is Purpose.DISPUTE:
        return refunds.arrive(moment, leg, "F9.3")
    if leg.purpose is Purpose.SUSPENSE:
        return suspense.arrive(moment, leg)
    if leg.purpose is Purpose.SUSPENDED_SALE:
        return suspended.arrive(moment, leg)
    return _arrive_between_people(moment, leg)


def _arrive_between_people(moment: Moment, leg: Leg) -> Events | Refusal:
    if leg.purpose is Purpose.ESCROW:
        return landings.escrow_arrives(moment, leg)
    if leg.purpose is Purpose.CLAIM:
        return landings.claim_arrives(moment, leg)
    if leg.purpose is Purpose.REQUEST:
        return landings.request_arrives(moment, leg)
    raise InvariantError(f"no money arrives for {leg.purpose}")


def delivered(moment: Moment, leg: Leg) -> Events:
    """Return what its sender does when the money has arrived: answered by ACK, or at home."""
    if leg.purpose in landings.PURPOSES:
        return landings.delivered(moment, leg)
    if leg.purpose is Purpose.SUSPENSE:
        return suspense.delivered(moment, leg)
    if leg.purpose is Purpose.SUSPENDED_SALE:
        return suspended.delivered(moment, leg)
    if leg.purpose in FINAL_WHEN_SENT:
        return ()
    raise InvariantError(f"no money is delivered for {leg.purpose}")


def refused(moment: Moment, leg: Leg, saga: SagaRow) -> Events:
    """Return what its sender does with money that came back; the entry debits IB:{destination}."""
    if leg.purpose in landings.PURPOSES:
        return landings.refused(moment, leg, saga)
    if leg.purpose is Purpose.SUSPENSE:
        return suspense.refused(moment, leg)
    if leg.purpose is Purpose.SUSPENDED_SALE:
        return suspended.refused(moment, leg)
    raise InvariantError(f"no money comes back for {leg.purpose}")


def own_leg(moment: Moment, payment: Payment) -> Leg:
    """Return the leg that money would be sent by, were its recipient not here; it has no number."""
    here = moment.place.partition
    return Leg(
        LegKind.CREDIT,
        here,
        here,
        0,
        0,
        0,
        payment.transfer_id,
        payment.purpose,
        payment.from_wallet_id,
        payment.to_wallet_id,
        payment.currency,
        payment.amount,
        None,
        payment.about,
    )
