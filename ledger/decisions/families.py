"""Families: what commands that have a file of their own lead to.

Owns: which family decides a command; the guards beside it are in `ledger.guards.families`.
Never: decides.
"""

from __future__ import annotations

from ledger.case import Case
from ledger.decisions import bank_top_ups, chargebacks, settlements, withdrawals
from ledger.errors import InvariantError
from ledger.guards.bank_top_ups import COMMANDS as BANK_TOP_UPS
from ledger.guards.chargebacks import COMMANDS as CHARGEBACKS
from ledger.guards.settlements import COMMANDS as SETTLEMENTS
from ledger.guards.withdrawals import COMMANDS as WITHDRAWALS
from ledger.verdict import Verdict
from schemas.messages.commands import Command


def act(case: Case, body: Command) -> Verdict:
    """Return the verdict of the command's own family."""
    if isinstance(body, BANK_TOP_UPS):
        return bank_top_ups.act(case, body)
    if isinstance(body, WITHDRAWALS):
        return withdrawals.act(case, body)
    if isinstance(body, CHARGEBACKS):
        return chargebacks.act(case, body)
    if isinstance(body, SETTLEMENTS):
        return settlements.act(case, body)
    raise InvariantError(f"nobody decides a {type(body).__name__} of wallet {case.wallet_id}")
