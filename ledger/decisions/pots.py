"""Savings pots: money that its owner sets aside inside the wallet.

Owns: the two moves, F23.1 into a pot and F23.2 out of it; these flow ids are not in the source
table, whose chart has the pots.
Never: limits, counts attempts or asks fraud rules: nobody else gets anything.
"""

from __future__ import annotations

from ledger.balances import balance_of
from ledger.case import Case
from ledger.chart import AVAILABLE, POTS
from ledger.refusal import Refusal, accepted, rejected
from ledger.verdict import Verdict
from schemas.messages.commands import MoveFromPot, MoveToPot
from schemas.messages.events import EntryPosted
from schemas.messages.journal import Posting
from schemas.messages.vocabulary import RejectionReason


def act(case: Case, body: MoveToPot | MoveFromPot) -> Verdict:
    """Move money between W.AVL and a pot, if it is there."""
    pot = POTS[body.pot - 1]
    if isinstance(body, MoveToPot):
        return _move(case, body, "F23.1", (AVAILABLE, pot))
    return _move(case, body, "F23.2", (pot, AVAILABLE))


def _move(
    case: Case, body: MoveToPot | MoveFromPot, flow: str, accounts: tuple[str, str]
) -> Verdict:
    wallet_id = case.wallet_id
    source, target = accounts
    if -balance_of(case.owner(), source, body.currency) < body.amount:
        return rejected(Refusal(RejectionReason.INSUFFICIENT_FUNDS, body.currency))
    postings = (
        Posting(source, wallet_id, body.currency, body.amount),
        Posting(target, wallet_id, body.currency, -body.amount),
    )
    return accepted((EntryPosted(wallet_id, case.command.command_id, flow, postings),))
