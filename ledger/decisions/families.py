"""Families: what commands that have a file of their own lead to.

Owns: which family decides a command; the guards beside it are in `ledger.guards.families`.
Never: decides.
"""

from __future__ import annotations

from ledger.case import Case
from ledger.decisions import bills, claims, escrows, holds, pots, requests
from ledger.errors import InvariantError
from ledger.guards import bills as bills_guards
from ledger.guards import claims as claims_guards
from ledger.guards import escrows as escrows_guards
from ledger.guards import pots as pots_guards
from ledger.guards import requests as requests_guards
from ledger.verdict import Verdict
from schemas.messages.commands import Command, ExtendHold, IncrementHold


def act(case: Case, body: Command) -> Verdict:
    """Return the verdict of the command's own family."""
    if isinstance(body, IncrementHold):
        return holds.increment_hold(case, body)
    if isinstance(body, ExtendHold):
        return holds.extend_hold(case, body)
    if isinstance(body, escrows_guards.COMMANDS):
        return escrows.act(case, body)
    if isinstance(body, claims_guards.COMMANDS):
        return claims.act(case, body)
    if isinstance(body, bills_guards.COMMANDS):
        return bills.act(case, body)
    if isinstance(body, requests_guards.COMMANDS):
        return requests.act(case, body)
    if isinstance(body, pots_guards.COMMANDS):
        return pots.act(case, body)
    raise InvariantError(f"nobody decides a {type(body).__name__} of wallet {case.wallet_id}")
