"""Wallets: opening, tier, and money collected from outside.

Owns: the events of OpenWallet, ChangeTier and TopUp.
Never: outgoing money; another status (`ledger.decisions.statuses`).
"""

from __future__ import annotations

from ledger.case import Case
from ledger.catalogue import posted
from ledger.chart import INT64_MAX, RAIL_RECEIVABLE
from ledger.debts import debt_of
from ledger.decisions.incoming import consume
from ledger.decisions.statuses import moved, watched
from ledger.refusal import Refusal, accepted, rejected
from ledger.standing import NO_STANDING, standing_of
from ledger.verdict import Verdict
from ledger.wallet_status import OF_THE_TIER, status_of_tier
from schemas.messages.commands import ChangeTier, OpenWallet, TopUp
from schemas.messages.events import (
    EntryPosted,
    TierChanged,
    ToppedUp,
    WalletOpened,
)
from schemas.messages.vocabulary import (
    FeeFlow,
    RejectionReason,
)


def open_wallet(case: Case, body: OpenWallet) -> Verdict:
    """Open the wallet; without verification it may be paid, but not pay."""
    status = status_of_tier(body.tier)
    opened = WalletOpened(case.wallet_id, body.kind, body.tier, status, body.currencies)
    standing = watched(case.moment, body.kind, status, NO_STANDING)
    return accepted((opened, *moved(case.wallet_id, NO_STANDING, standing)))


def change_tier(case: Case, body: ChangeTier) -> Verdict:
    """Change the ceilings; sums persist. Only a status that the tier gave changes with it."""
    row = case.owner()
    status = status_of_tier(body.tier) if row.status in OF_THE_TIER else row.status
    changed = TierChanged(case.wallet_id, body.tier, status)
    before = standing_of(case.moment.view, case.wallet_id)
    after = watched(case.moment, row.kind, status, before)
    return accepted((changed, *moved(case.wallet_id, before, after)))


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
        instrument=case.origin().instrument,
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
