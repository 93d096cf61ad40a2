"""Sagas, seen from the payer: answers to a CREDIT, and what to do when none comes.

Owns: settlement, compensation, the CANCEL question and its backoff.
Never: compensates on a timeout; only a NACK does.
"""

from __future__ import annotations

from typing import Final

from ledger import legs
from ledger.case import Moment
from ledger.decisions import travel
from ledger.decisions.holds import give_backs
from ledger.errors import InvariantError, present
from ledger.evolving.pairs import NO_PAIR_OUT
from ledger.holds import OPEN
from ledger.journal import POSTED_HERE
from ledger.refusal import accepted
from ledger.verdict import Verdict
from schemas.messages.decisions import Event
from schemas.messages.events import (
    LegReceived,
    OutflowGivenBack,
    TransferCancelAsked,
    TransferCompensated,
    TransferSettled,
)
from schemas.messages.legs import Leg
from schemas.messages.rows import SagaRow, TimerRow
from schemas.messages.vocabulary import LegKind, RejectionReason, SagaState

BACKOFF_DOUBLINGS_MAX: Final = 10


def answered(moment: Moment, leg: Leg, received: LegReceived) -> Verdict:
    """Take an ACK or NACK; one for a saga that already ended is noted only."""
    saga = moment.view.sagas.get((leg.from_wallet_id, leg.transfer_id))
    if saga is None or saga.credit_seq != leg.credit_seq:
        if leg.credit_seq >= (moment.view.pairs_out.get(leg.src_partition) or NO_PAIR_OUT).next:
            raise InvariantError(f"answer to CREDIT {leg.credit_seq}, which was never sent")
        return accepted((received,))
    if saga.to_partition != leg.src_partition:
        raise InvariantError(
            f"answer to CREDIT {leg.credit_seq} from partition {leg.src_partition}"
        )
    if leg.kind is LegKind.ACK:
        return accepted((received, *_settled(moment, leg, saga)))
    return accepted((received, *_compensated(moment, leg, saga)))


def ask_again(moment: Moment, timer: TimerRow) -> Verdict:
    """Ask what became of a CREDIT, waiting twice as long each time; after the last try, park it."""
    key = (timer.wallet_id, timer.timer_id)
    saga = moment.view.sagas.get(key)
    if saga is None or saga.due != timer.due:
        raise InvariantError(f"stale timer of transfer {timer.timer_id} of {timer.wallet_id}")
    if saga.attempts >= moment.programme.policy.saga_max_attempts:
        parked = _asked(timer, SagaState.PARKED, saga.attempts, 0)
        return accepted((parked,))
    attempts = saga.attempts + 1
    wait_us = moment.programme.saga_cancel_after_us << min(attempts, BACKOFF_DOUBLINGS_MAX)
    asked = _asked(timer, SagaState.CANCELLING, attempts, moment.at + wait_us)
    return accepted((asked, legs.cancel(moment.view, moment.place, key, saga)))


def _asked(timer: TimerRow, state: SagaState, attempts: int, next_due: int) -> TransferCancelAsked:
    return TransferCancelAsked(
        timer.timer_id, timer.wallet_id, state, attempts, timer.due, next_due
    )


def _settled(moment: Moment, leg: Leg, saga: SagaRow) -> tuple[Event, ...]:
    settled = TransferSettled(
        leg.transfer_id,
        leg.from_wallet_id,
        saga.to_partition,
        saga.currency,
        saga.fee,
        saga.credit_seq,
    )
    if saga.purpose in POSTED_HERE:
        return (settled,)
    return (settled, *travel.delivered(moment, leg))


def _compensated(moment: Moment, leg: Leg, saga: SagaRow) -> tuple[Event, ...]:
    compensated = TransferCompensated(
        leg.transfer_id,
        saga.purpose,
        leg.from_wallet_id,
        saga.to_partition,
        saga.currency,
        saga.amount,
        saga.fee,
        saga.hold_id,
        saga.credit_seq,
        leg.reason or RejectionReason.NONE,
    )
    if saga.purpose not in POSTED_HERE:
        return (compensated, *travel.refused(moment, leg, saga))
    return (compensated, *_given_back(moment, leg.from_wallet_id, saga))


def _given_back(moment: Moment, wallet_id: str, saga: SagaRow) -> tuple[OutflowGivenBack, ...]:
    """Give the limits back; of a capture the count too, when nothing of its hold stays paid."""
    if saga.hold_id is None:
        back = OutflowGivenBack(
            wallet_id,
            saga.entry,
            saga.base_amount,
            saga.day,
            saga.month,
            True,  # noqa: FBT003 - positional like the schema
        )
        return (back,)
    hold = present(moment.view.holds.get((wallet_id, saga.hold_id)), "hold")
    whole = hold.captured == saga.amount and hold.status not in OPEN
    return give_backs(wallet_id, hold, saga.amount, whole=whole)
