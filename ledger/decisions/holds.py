"""Holds: capture, increment, extension, void and expiry of reserved money.

Owns: what is captured and what is released, and the limits given back with it.
Never: places a hold (`ledger.decisions.outgoing`), chooses a status outside `ledger.holds`.

Released money gives its share of the limits back; the count too when nothing was captured.
A captured amount goes to its recipient by the same path as a transfer, without a fee.
"""

from __future__ import annotations

from ledger.calendar import SECOND_US
from ledger.case import Case, Moment
from ledger.chart import RESERVED
from ledger.decisions import sales
from ledger.decisions.increments import reserve_more
from ledger.decisions.merchants import is_merchant
from ledger.decisions.payment import Consumption, Movement, Payment, move
from ledger.errors import InvariantError, present
from ledger.holds import OPEN, TRANSITIONS, HoldVerb, given_back, remaining_of
from ledger.refusal import Refusal, accepted, rejected
from ledger.verdict import Verdict
from schemas.messages.commands import CaptureHold, ExtendHold, IncrementHold, VoidHold
from schemas.messages.decisions import Event
from schemas.messages.events import (
    HoldCaptured,
    HoldExtended,
    HoldReleased,
    OutflowGivenBack,
)
from schemas.messages.rows import HoldRow, TimerRow
from schemas.messages.vocabulary import Purpose, Stage


def capture_hold(case: Case, body: CaptureHold) -> Verdict:
    """Pay part or all of a hold to its payee; release the rest unless it is to stay open."""
    row = present(case.moment.view.holds.get((case.wallet_id, body.hold_id)), "hold")
    excess = body.amount - remaining_of(row)
    if excess > 0:
        return _capture_more(case, body, row, excess)
    captured = _captured(case, body, row)
    if isinstance(captured, Refusal):
        return rejected(captured)
    return accepted(captured.events, captured.stage)


def increment_hold(case: Case, body: IncrementHold) -> Verdict:
    """Reserve more under a hold."""
    row = present(case.moment.view.holds.get((case.wallet_id, body.hold_id)), "hold")
    reserved = reserve_more(case, body.hold_id, row, body.amount)
    if isinstance(reserved, Verdict):
        return reserved
    return accepted(reserved.events, Stage.FINAL, reserved.risk)


def extend_hold(case: Case, body: ExtendHold) -> Verdict:
    """Let a hold expire at another time, or never."""
    expires_at = case.moment.at + body.ttl_s * SECOND_US if body.ttl_s > 0 else 0
    return accepted((HoldExtended(case.wallet_id, body.hold_id, expires_at),))


def _capture_more(case: Case, body: CaptureHold, row: HoldRow, excess: int) -> Verdict:
    """Capture more than the hold has, such as a tip: the excess is reserved first."""
    reserved = reserve_more(case, body.hold_id, row, excess)
    if isinstance(reserved, Verdict):
        return reserved
    captured = _captured(case, body, reserved.row)
    if isinstance(captured, Refusal):
        return rejected(captured, (), reserved.risk)
    return accepted((*reserved.events, *captured.events), captured.stage, reserved.risk)


def _captured(case: Case, body: CaptureHold, row: HoldRow) -> Movement | Refusal:
    payment = capture_payment(case, body, row)
    if is_merchant(case.moment, row.to_wallet_id):
        movement = sales.capture_here(case.moment, payment)
    else:
        movement = move(case.moment, payment)
    if isinstance(movement, Refusal):
        return movement
    rest = remaining_of(row) - body.amount
    keep = body.keep_open and rest > 0
    verb = HoldVerb.CAPTURE_PART if keep else HoldVerb.CAPTURE
    released = 0 if keep else rest
    events: list[Event] = [
        HoldCaptured(
            case.wallet_id,
            body.hold_id,
            row.currency,
            body.amount,
            released,
            TRANSITIONS[row.status, verb],
        )
    ]
    if released > 0:
        events += give_backs(case.wallet_id, row, released, whole=False)
    return Movement((*events, *movement.events), movement.stage)


def void_hold(case: Case, body: VoidHold) -> Verdict:
    """Release what remains."""
    return _released(case.moment, case.wallet_id, body.hold_id, HoldVerb.VOID)


def expire_hold(moment: Moment, timer: TimerRow) -> Verdict:
    """Release what remains at the end of the hold's life."""
    row = moment.view.holds.get((timer.wallet_id, timer.timer_id))
    if row is None or row.expires_at != timer.due or row.status not in OPEN:
        raise InvariantError(f"stale timer of hold {timer.timer_id} of wallet {timer.wallet_id}")
    return _released(moment, timer.wallet_id, timer.timer_id, HoldVerb.EXPIRE)


def capture_payment(case: Case, body: CaptureHold, row: HoldRow) -> Payment:
    """Describe a capture's movement; refused elsewhere, it gives back its share of the limits."""
    share = sum([each.base_amount for each in given_back(row, body.amount, whole=False)])
    return Payment(
        case.command.command_id,
        Purpose.CAPTURE,
        case.wallet_id,
        row.to_wallet_id,
        row.currency,
        body.amount,
        0,
        RESERVED,
        body.hold_id,
        Consumption(row.entry, row.day, row.month, share),
    )


def _released(moment: Moment, wallet_id: str, hold_id: str, verb: HoldVerb) -> Verdict:
    row = present(moment.view.holds.get((wallet_id, hold_id)), "hold")
    rest = remaining_of(row)
    status = TRANSITIONS[row.status, verb]
    return accepted(
        (
            HoldReleased(wallet_id, hold_id, row.currency, rest, status),
            *give_backs(wallet_id, row, rest, whole=row.captured == 0),
        )
    )


def give_backs(
    wallet_id: str, row: HoldRow, amount: int, *, whole: bool
) -> tuple[OutflowGivenBack, ...]:
    """Return the events that give a released amount back to the limits it was taken from."""
    return tuple(
        [
            OutflowGivenBack(wallet_id, each.entry, each.base_amount, each.day, each.month, whole)
            for each in given_back(row, amount, whole=whole)
        ]
    )
