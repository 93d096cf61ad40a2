"""Used: does a command id name an earlier transaction?

Owns: that question. A command id may come again once its identity row has expired; the transaction
it began stays, so a second one of that name is refused.
Never: looks at sagas, holds or reviews; `ledger.guards.state` does.
"""

from __future__ import annotations

from ledger.case import Case
from ledger.refusal import Refusal
from schemas.messages.vocabulary import RejectionReason


def transaction_in_use(case: Case) -> Refusal | None:
    """Refuse an id that names an earlier transaction."""
    if case.moment.view.transactions.get((case.wallet_id, case.command.command_id)) is None:
        return None
    return Refusal(RejectionReason.INVALID_TRANSITION, "command_id")
