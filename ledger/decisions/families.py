"""Families: what commands that have a file of their own lead to.

Owns: which family decides a command; the guards beside it are in `ledger.guards.families`.
Never: decides.
"""

from __future__ import annotations

from ledger.case import Case
from ledger.decisions import (
    adjustments,
    bank_top_ups,
    bills,
    bulks,
    chargebacks,
    claims,
    credit,
    disputes,
    escrows,
    fx,
    holds,
    interest,
    payouts,
    pots,
    refunds,
    requests,
    reserves,
    residuals,
    sales,
    schedules,
    settlements,
    suspended,
    treasury,
    withdrawals,
)
from ledger.errors import InvariantError
from ledger.guards.adjustments import COMMANDS as ADJUSTMENTS
from ledger.guards.bank_top_ups import COMMANDS as BANK_TOP_UPS
from ledger.guards.bills import COMMANDS as BILLS
from ledger.guards.bulks import COMMANDS as BULKS
from ledger.guards.chargebacks import COMMANDS as CHARGEBACKS
from ledger.guards.claims import COMMANDS as CLAIMS
from ledger.guards.credit import COMMANDS as CREDIT
from ledger.guards.disputes import COMMANDS as DISPUTES
from ledger.guards.escrows import COMMANDS as ESCROWS
from ledger.guards.fx import COMMANDS as FX
from ledger.guards.interest import COMMANDS as INTEREST
from ledger.guards.payouts import COMMANDS as PAYOUTS
from ledger.guards.pots import COMMANDS as POTS
from ledger.guards.refunds import COMMANDS as REFUNDS
from ledger.guards.requests import COMMANDS as REQUESTS
from ledger.guards.reserves import COMMANDS as RESERVES
from ledger.guards.residuals import COMMANDS as RESIDUALS
from ledger.guards.sales import COMMANDS as SALES
from ledger.guards.schedules import COMMANDS as SCHEDULES
from ledger.guards.settlements import COMMANDS as SETTLEMENTS
from ledger.guards.suspended import COMMANDS as SUSPENDED
from ledger.guards.treasury import COMMANDS as TREASURY
from ledger.guards.withdrawals import COMMANDS as WITHDRAWALS
from ledger.verdict import Verdict
from schemas.messages.commands import Command, ExtendHold, IncrementHold


def act(case: Case, body: Command) -> Verdict:
    """Return the verdict of the command's own family."""
    if isinstance(body, IncrementHold):
        return holds.increment_hold(case, body)
    if isinstance(body, ExtendHold):
        return holds.extend_hold(case, body)
    verdict = (
        _outside(case, body)
        or _between_people(case, body)
        or _commerce(case, body)
        or _office(case, body)
        or _order(case, body)
    )
    if verdict is None:
        raise InvariantError(f"nobody decides a {type(body).__name__} of wallet {case.wallet_id}")
    return verdict


def _outside(case: Case, body: Command) -> Verdict | None:
    if isinstance(body, BANK_TOP_UPS):
        return bank_top_ups.act(case, body)
    if isinstance(body, WITHDRAWALS):
        return withdrawals.act(case, body)
    if isinstance(body, CHARGEBACKS):
        return chargebacks.act(case, body)
    if isinstance(body, SETTLEMENTS):
        return settlements.act(case, body)
    if isinstance(body, SUSPENDED):
        return suspended.act(case, body)
    return None


def _between_people(case: Case, body: Command) -> Verdict | None:
    if isinstance(body, ESCROWS):
        return escrows.act(case, body)
    if isinstance(body, CLAIMS):
        return claims.act(case, body)
    if isinstance(body, BILLS):
        return bills.act(case, body)
    if isinstance(body, REQUESTS):
        return requests.act(case, body)
    if isinstance(body, POTS):
        return pots.act(case, body)
    return None


def _commerce(case: Case, body: Command) -> Verdict | None:
    if isinstance(body, SALES):
        return sales.act(case, body)
    if isinstance(body, REFUNDS):
        return refunds.act(case, body)
    if isinstance(body, PAYOUTS):
        return payouts.act(case, body)
    if isinstance(body, DISPUTES):
        return disputes.act(case, body)
    if isinstance(body, RESERVES):
        return reserves.act(case, body)
    return None


def _office(case: Case, body: Command) -> Verdict | None:
    if isinstance(body, TREASURY):
        return treasury.act(case, body)
    if isinstance(body, ADJUSTMENTS):
        return adjustments.act(case, body)
    if isinstance(body, FX):
        return fx.act(case, body)
    if isinstance(body, INTEREST):
        return interest.act(case, body)
    if isinstance(body, RESIDUALS):
        return residuals.act(case, body)
    return None


def _order(case: Case, body: Command) -> Verdict | None:
    if isinstance(body, CREDIT):
        return credit.act(case, body)
    if isinstance(body, BULKS):
        return bulks.act(case, body)
    if isinstance(body, SCHEDULES):
        return schedules.act(case, body)
    return None
