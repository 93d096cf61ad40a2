"""Savings pots: the guards of MoveToPot and MoveFromPot.

Owns: which pots there are, and when an owner may move money between them and W.AVL.
Never: limits; no money leaves the wallet.
"""

from __future__ import annotations

from typing import Final

from ledger.case import Case
from ledger.chart import POTS
from ledger.guards.fields import malformed, money
from ledger.refusal import Refusal
from ledger.wallet_status import inside_refusal
from schemas.messages.commands import MoveFromPot, MoveToPot

COMMANDS: Final = (MoveToPot, MoveFromPot)
Body = MoveToPot | MoveFromPot


def shape(case: Case, body: Body) -> Refusal | None:
    """Check pot and amount."""
    if not 1 <= body.pot <= len(POTS):
        return malformed("pot")
    return money(case.moment.programme, body.currency, body.amount, None)


def status(case: Case, body: Body) -> Refusal | None:
    """Refuse what the wallet's status and currencies do not allow."""
    return inside_refusal(case.owner(), body.currency)
