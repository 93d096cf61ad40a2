"""Statuses: what changes a wallet's status, asked for or due.

Owns: the events of ChangeWalletStatus, and of the two timers: a freeze that ends, and the look
whether a wallet is dormant.
Never: judges the transition of a command; `ledger.guards.state` did.

Dormancy costs the hot path nothing: a payment moves no timer. One timer a wallet, set when it
becomes active and the policy names a time, looks at the last attempt to pay when it fires, and is
set again from there or makes the wallet DORMANT. It is not left to the next command, as then a
top-up would have to read the log of payments, and whoever reports on forgotten money would not find
the wallet nobody comes back to.
"""

from __future__ import annotations

from typing import Final

from ledger.calendar import SECOND_US
from ledger.case import Case, Moment
from ledger.decisions import liens
from ledger.errors import InvariantError, present
from ledger.evolving.standings import FREEZE
from ledger.refusal import accepted
from ledger.standing import NO_STANDING, standing_of
from ledger.verdict import Verdict
from ledger.view import WalletKey
from ledger.wallet_status import FREEZES, OF_THE_TIER, TRANSITIONS, status_now, stronger
from ledger.windows import NO_OUTFLOW
from schemas.messages.commands import ChangeWalletStatus
from schemas.messages.decisions import Event
from schemas.messages.events import StandingMoved, WalletStatusChanged
from schemas.messages.rows import StandingRow, TimerRow
from schemas.messages.vocabulary import (
    Authority,
    StatusAction,
    TimerKind,
    WalletKind,
    WalletStatus,
)

FOREVER: Final = 0


def change_status(case: Case, body: ChangeWalletStatus) -> Verdict:
    """Freeze, lift a freeze with what it kept, or move to another status."""
    if body.action in FREEZES:
        return accepted(_frozen(case, body))
    moment, key = case.moment, (case.wallet_id, case.command.command_id)
    if body.action is StatusAction.UNFREEZE:
        return accepted(_thawed(moment, key, body.authority))
    row = case.owner()
    status = status_now(TRANSITIONS[row.status, body.action], row.tier)
    before = standing_of(moment.view, case.wallet_id)
    after = before
    if status is WalletStatus.CLOSED:
        after = NO_STANDING
    elif body.action is StatusAction.REVERIFY:
        after = watched(moment, row.kind, status, _with_dormancy(before, 0))
    elif status is WalletStatus.ACTIVE:
        after = watched(moment, row.kind, status, before)
    changed = WalletStatusChanged(
        case.wallet_id,
        status,
        row.debit_blocked,
        row.credit_blocked,
        body.authority,
    )
    return accepted((changed, *moved(case.wallet_id, before, after)))


def moved(wallet_id: str, before: StandingRow, after: StandingRow) -> tuple[Event, ...]:
    """Return the event of a standing, if it changed."""
    return () if after == before else (StandingMoved(wallet_id, after),)


def watched(
    moment: Moment, kind: WalletKind, status: WalletStatus, standing: StandingRow
) -> StandingRow:
    """Return the standing with the timer that every active customer has while a policy asks it."""
    after_us = moment.programme.dormant_after_us
    unwatched = standing.dormancy_due == 0 and status is WalletStatus.ACTIVE
    if after_us == 0 or kind is not WalletKind.CUSTOMER or not unwatched:
        return standing
    return _with_dormancy(standing, moment.at + after_us)


def freeze_ends(moment: Moment, timer: TimerRow) -> Verdict:
    """A freeze ends by itself, on the authority that set it."""
    standing = standing_of(moment.view, timer.wallet_id)
    _check(timer, standing.freeze_due)
    return accepted(_thawed(moment, (timer.wallet_id, FREEZE), standing.authority))


def look_for_dormancy(moment: Moment, timer: TimerRow) -> Verdict:
    """An active wallet is dormant after long enough without an attempt, else looked at later.

    One that is not active now is looked at again from when it is.
    """
    view, wallet_id = moment.view, timer.wallet_id
    before = standing_of(view, wallet_id)
    _check(timer, before.dormancy_due)
    row = present(view.wallets.get(wallet_id), "wallet")
    after_us = moment.programme.dormant_after_us
    if row.status is not WalletStatus.ACTIVE or after_us == 0:
        return accepted((StandingMoved(wallet_id, _with_dormancy(before, 0)),))
    due = (view.outflows.get(wallet_id) or NO_OUTFLOW).previous_at + after_us
    if due > moment.at:
        return accepted((StandingMoved(wallet_id, _with_dormancy(before, due)),))
    changed = WalletStatusChanged(
        wallet_id,
        TRANSITIONS[row.status, TimerKind.DORMANCY],
        row.debit_blocked,
        row.credit_blocked,
        Authority.OPERATOR,
    )
    return accepted((changed, StandingMoved(wallet_id, _with_dormancy(before, 0))))


def _frozen(case: Case, body: ChangeWalletStatus) -> tuple[Event, ...]:
    """Add to what is blocked; of two freezes the longer one lasts, in the higher name."""
    row = case.owner()
    before = standing_of(case.moment.view, case.wallet_id)
    action, authority = body.action, body.authority
    until = case.moment.at + body.ttl_s * SECOND_US if body.ttl_s > 0 else FOREVER
    beneath: WalletStatus = WalletStatus.ACTIVE if row.status in OF_THE_TIER else row.status
    if row.status is WalletStatus.FROZEN:
        beneath = before.beneath
        until = FOREVER if FOREVER in (until, before.freeze_due) else max(until, before.freeze_due)
        authority = stronger(before.authority, authority)
    changed = WalletStatusChanged(
        case.wallet_id,
        TRANSITIONS[row.status, action],
        row.debit_blocked or action is not StatusAction.FREEZE_CREDIT,
        row.credit_blocked or action is not StatusAction.FREEZE_DEBIT,
        body.authority,
    )
    after = StandingRow(beneath, authority, until, before.dormancy_due)
    return (changed, *moved(case.wallet_id, before, after))


def _thawed(moment: Moment, key: WalletKey, authority: Authority) -> tuple[Event, ...]:
    """Lift every block; the status is again what the freeze lay on."""
    wallet_id = key[0]
    row = present(moment.view.wallets.get(wallet_id), "wallet")
    before = standing_of(moment.view, wallet_id)
    status = status_now(before.beneath, row.tier)
    changed = WalletStatusChanged(
        wallet_id,
        status,
        False,  # noqa: FBT003 - positional like the schema
        False,  # noqa: FBT003
        authority,
    )
    after = watched(moment, row.kind, status, _with_dormancy(NO_STANDING, before.dormancy_due))
    return (changed, *liens.freed(moment, key, row), *moved(wallet_id, before, after))


def _with_dormancy(standing: StandingRow, due: int) -> StandingRow:
    return StandingRow(standing.beneath, standing.authority, standing.freeze_due, due)


def _check(timer: TimerRow, due: int) -> None:
    if timer.due != due:
        raise InvariantError(f"stale timer {timer.timer_id} of wallet {timer.wallet_id}")
