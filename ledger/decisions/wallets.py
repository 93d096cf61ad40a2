"""Wallets: opening, status, tier, and money collected from outside.

Owns: the events of OpenWallet, ChangeWalletStatus, ChangeTier and TopUp.
Never: outgoing money.
"""

from __future__ import annotations

from ledger.case import Case
from ledger.catalogue import posted
from ledger.chart import INT64_MAX, RAIL_RECEIVABLE
from ledger.debts import debt_of
from ledger.decisions import liens
from ledger.decisions.incoming import consume
from ledger.refusal import Refusal, accepted, rejected
from ledger.verdict import Verdict
from ledger.wallet_status import status_after, status_of_tier
from schemas.messages.commands import ChangeTier, ChangeWalletStatus, OpenWallet, TopUp
from schemas.messages.events import (
    EntryPosted,
    TierChanged,
    ToppedUp,
    WalletOpened,
    WalletStatusChanged,
)
from schemas.messages.vocabulary import (
    FeeFlow,
    RejectionReason,
    StatusAction,
    WalletStatus,
)

OWN_STATUS = frozenset({WalletStatus.FROZEN, WalletStatus.CLOSED})


def open_wallet(case: Case, body: OpenWallet) -> Verdict:
    """Open the wallet; without verification it may be paid, but not pay."""
    return accepted(
        (
            WalletOpened(
                case.wallet_id, body.kind, body.tier, status_of_tier(body.tier), body.currencies
            ),
        )
    )


def change_status(case: Case, body: ChangeWalletStatus) -> Verdict:
    """Freeze (adding to what is blocked), lift every block with what it kept, or close."""
    row = case.owner()
    action = body.action
    lifted = action is StatusAction.UNFREEZE
    both = action is StatusAction.FREEZE_BOTH
    changed = WalletStatusChanged(
        case.wallet_id,
        status_after(row, action),
        not lifted and (row.debit_blocked or both or action is StatusAction.FREEZE_DEBIT),
        not lifted and (row.credit_blocked or both or action is StatusAction.FREEZE_CREDIT),
        body.authority,
    )
    return accepted((changed, *liens.freed(case)) if lifted else (changed,))


def change_tier(case: Case, body: ChangeTier) -> Verdict:
    """Change the ceilings; sums persist. Only a frozen wallet keeps its status."""
    status = case.owner().status
    if status not in OWN_STATUS:
        status = status_of_tier(body.tier)
    return accepted((TierChanged(case.wallet_id, body.tier, status),))


def top_up(case: Case, body: TopUp) -> Verdict:
    """Credit money that a rail collected, less its fee; a debt of the customer is paid first."""
    moment = case.moment
    fee = moment.programme.fee(FeeFlow.TOPUP_CARD, body.amount)
    collected = moment.view.accounts.get((RAIL_RECEIVABLE, body.rail, body.currency))
    net = body.amount - fee
    recovered = min(net, debt_of(moment.view, case.wallet_id, body.currency))
    admitted = consume(
        moment,
        case.wallet_id,
        case.owner(),
        body.currency,
        (body.amount, net - recovered),
        card=True,
    )
    if isinstance(admitted, Refusal):
        return rejected(admitted)
    if collected is not None and collected.minor + body.amount > INT64_MAX:
        return rejected(Refusal(RejectionReason.AMOUNT_OVERFLOW, RAIL_RECEIVABLE))
    topped_up = ToppedUp(
        case.wallet_id,
        body.currency,
        body.amount,
        fee,
        body.rail,
        body.ext_ref,
        case.command.command_id,
        recovered,
    )
    if recovered == 0:
        return accepted((admitted, topped_up))
    return accepted((admitted, _recovered(case, body, recovered), topped_up))


def _recovered(case: Case, body: TopUp, amount: int) -> EntryPosted:
    return posted(
        "F2c.7",
        (case.wallet_id, case.command.command_id),
        body.currency,
        {"rail": body.rail, "wallet": case.wallet_id},
        {"amount": amount},
    )
