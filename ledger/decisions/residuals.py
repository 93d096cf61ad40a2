"""Residuals: what is left in a wallet that is to be closed becomes unclaimed money.

Owns: the sweep (F21.1).
Never: closes the wallet.
"""

from __future__ import annotations

from ledger.balances import own_of
from ledger.case import Case
from ledger.catalogue import posted
from ledger.decisions.room import room_refusal
from ledger.refusal import Refusal, accepted, rejected
from ledger.verdict import Verdict
from schemas.messages.commands import SweepResidual
from schemas.messages.vocabulary import RejectionReason


def act(case: Case, body: SweepResidual) -> Verdict:
    """Move all that is left in the currency."""
    amount = own_of(case.owner(), body.currency)
    if amount == 0:
        return rejected(Refusal(RejectionReason.INSUFFICIENT_FUNDS, body.currency))
    subject = (case.wallet_id, case.command.command_id)
    owners = {"wallet": case.wallet_id}
    entry = posted("F21.1", subject, body.currency, owners, {"amount": amount})
    full = room_refusal(case.moment, entry)
    return accepted((entry,)) if full is None else rejected(full)
