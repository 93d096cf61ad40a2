"""Unused: may this command id name something new?

Owns: the refusal of an id whose transaction is known, or whose movement or review is still open.
Never: repeats inside 35 days; `ledger.guards.arrival` answered them.
"""

from __future__ import annotations

from ledger.case import Case
from ledger.refusal import Refusal
from schemas.messages.vocabulary import RejectionReason


def unused(case: Case) -> Refusal | None:
    """Refuse an id that names something already."""
    key = (case.wallet_id, case.command.command_id)
    view = case.moment.view
    if (
        view.transactions.get(key) is None
        and view.sagas.get(key) is None
        and view.reviews.get(key) is None
    ):
        return None
    return Refusal(RejectionReason.INVALID_TRANSITION, "command_id")
