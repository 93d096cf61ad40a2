"""The decider: one input in, one verdict out, by the order of precedence.

Owns: `decide` and the order of a command's guards; the first refusal wins and
is the reported reason.
Never: I/O, clock, randomness; writes to the view. Total: any well-typed input gets a verdict;
`InvariantError` says that something impossible happened, and halts the partition.

The order of a command: routed here, key = wallet -> duplicate -> shape -> state of what it is about
-> wallet status -> the caller's conditions (here), then attempt counters -> limits -> funds ->
recipient -> fraud decision (`ledger.decisions.outgoing`), then the events, which must succeed.
"""

from __future__ import annotations

from typing import assert_never

from ledger.case import Case, Moment
from ledger.decisions import (
    controls,
    due,
    families,
    holds,
    legs,
    outgoing,
    reviews,
    sagas,
    statuses,
    wallets,
)
from ledger.guards import arrival, conditions, shape, state, status
from ledger.inputs import CommandInput, ControlInput, Input, LegInput
from ledger.place import Place
from ledger.programme import Programme
from ledger.refusal import rejected
from ledger.verdict import Verdict
from ledger.view import PartitionView
from schemas.messages.commands import (
    CaptureHold,
    ChangeTier,
    ChangeWalletStatus,
    Command,
    OpenWallet,
    PlaceHold,
    ResolveReview,
    TopUp,
    Transfer,
    VoidHold,
)
from schemas.messages.rows import TimerRow
from schemas.messages.vocabulary import TimerKind


def decide(
    view: PartitionView, given: Input, at: int, programme: Programme, place: Place
) -> Verdict:
    """Return what an input leads to at `at` (decided_at, microseconds)."""
    moment = Moment(view, at, programme, place)
    if isinstance(given, CommandInput):
        return _command(Case(moment, given))
    if isinstance(given, LegInput):
        return legs.receive(moment, given)
    if isinstance(given, ControlInput):
        return controls.activate(moment, given)
    return _timer(moment, given.timer)


def _command(case: Case) -> Verdict:
    """The order of precedence, up to the wallet's status."""
    refusal = arrival.check(case)
    if refusal is not None:
        return rejected(refusal)
    earlier = arrival.repeat(case)
    if earlier is not None:
        return earlier
    if case.command.conditions:
        return _conditional(case)
    refusal = shape.check(case) or state.check(case) or status.check(case)
    if refusal is not None:
        return rejected(refusal)
    return _act(case)


def _conditional(case: Case) -> Verdict:
    """The same with the caller's conditions: their shape with the shape, they after the status."""
    refusal = shape.check(case) or conditions.shape(case) or state.check(case) or status.check(case)
    if refusal is not None:
        return rejected(refusal)
    unmet = conditions.check(case)
    return _act(case) if unmet is None else outgoing.declined(case, unmet)


def _act(case: Case) -> Verdict:
    """The type's own rest of the way."""
    body = case.command.body
    if isinstance(body, Transfer):
        return outgoing.transfer(case, body)
    if isinstance(body, TopUp):
        return wallets.top_up(case, body)
    if isinstance(body, PlaceHold):
        return outgoing.place_hold(case, body)
    if isinstance(body, CaptureHold):
        return holds.capture_hold(case, body)
    return _act_seldom(case, body)


def _act_seldom(case: Case, body: Command) -> Verdict:
    if isinstance(body, VoidHold):
        return holds.void_hold(case, body)
    if isinstance(body, OpenWallet):
        return wallets.open_wallet(case, body)
    if isinstance(body, ChangeWalletStatus):
        return statuses.change_status(case, body)
    if isinstance(body, ChangeTier):
        return wallets.change_tier(case, body)
    if isinstance(body, ResolveReview):
        return reviews.resolve_review(case, body)
    return families.act(case, body)


def _timer(moment: Moment, timer: TimerRow) -> Verdict:
    if timer.kind is TimerKind.HOLD_EXPIRY:
        return holds.expire_hold(moment, timer)
    if timer.kind is TimerKind.REVIEW_EXPIRY:
        return reviews.expire_review(moment, timer)
    if timer.kind is TimerKind.SAGA_CANCEL:
        return sagas.ask_again(moment, timer)
    if timer.kind is TimerKind.TRANSACTION_DUE:
        return due.transaction_due(moment, timer)
    if timer.kind is TimerKind.FREEZE_EXPIRY:
        return statuses.freeze_ends(moment, timer)
    if timer.kind is TimerKind.DORMANCY:
        return statuses.look_for_dormancy(moment, timer)
    assert_never(timer.kind)
