"""Families: what commands that have a file of their own lead to.

Owns: which family decides a command; the guards beside it are in `ledger.guards.families`.
Never: decides.
"""

from __future__ import annotations

from ledger.case import Case
from ledger.decisions import holds
from ledger.errors import InvariantError
from ledger.verdict import Verdict
from schemas.messages.commands import Command, ExtendHold, IncrementHold


def act(case: Case, body: Command) -> Verdict:
    """Return the verdict of the command's own family."""
    if isinstance(body, IncrementHold):
        return holds.increment_hold(case, body)
    if isinstance(body, ExtendHold):
        return holds.extend_hold(case, body)
    raise InvariantError(f"nobody decides a {type(body).__name__} of wallet {case.wallet_id}")
