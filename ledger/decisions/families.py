"""Families: what commands that have a file of their own lead to.

Owns: which family decides a command; the guards beside it are in `ledger.guards.families`.
Never: decides.
"""

from __future__ import annotations

from ledger.case import Case
from ledger.decisions import adjustments, fx, interest, residuals, treasury
from ledger.errors import InvariantError
from ledger.guards import adjustments as adjustment_guards
from ledger.guards import interest as interest_guards
from ledger.guards import treasury as treasury_guards
from ledger.verdict import Verdict
from schemas.messages.commands import Command, Convert, SweepResidual


def act(case: Case, body: Command) -> Verdict:
    """Return the verdict of the command's own family."""
    if isinstance(body, treasury_guards.COMMANDS):
        return treasury.act(case, body)
    if isinstance(body, adjustment_guards.COMMANDS):
        return adjustments.act(case, body)
    if isinstance(body, Convert):
        return fx.convert(case, body)
    if isinstance(body, interest_guards.COMMANDS):
        return interest.act(case, body)
    if isinstance(body, SweepResidual):
        return residuals.sweep(case, body)
    raise InvariantError(f"nobody decides a {type(body).__name__} of wallet {case.wallet_id}")
