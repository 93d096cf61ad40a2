"""Liens of refunds: what came back while credits were blocked, until they are not.

Owns: how much of W.LIEN refunds brought, and its way out when the block is lifted (F8.2f).
Never: touches what a chargeback or an adjustment put there: those end by themselves.
"""

from __future__ import annotations

from ledger.case import Moment
from ledger.catalogue import posted
from ledger.chart import LIEN
from ledger.view import WalletKey
from schemas.messages.decisions import Event
from schemas.messages.events import LienMoved
from schemas.messages.rows import WalletRow


def kept(moment: Moment, wallet_id: str, currency: str, amount: int) -> LienMoved:
    """Remember that a refund is in W.LIEN."""
    before = moment.view.liens.get((wallet_id, currency))
    held = 0 if before is None else before.held
    return LienMoved(wallet_id, currency, held + amount)


def freed(moment: Moment, key: WalletKey, owner: WalletRow) -> tuple[Event, ...]:
    """Make available what refunds brought, in each currency that has a lien."""
    wallet_id = key[0]
    events: list[Event] = []
    for each in owner.balances:
        if each.account != LIEN:
            continue
        row = moment.view.liens.get((wallet_id, each.currency))
        if row is not None:
            amounts = {"amount": row.held}
            entry = posted("F8.2f", key, each.currency, {"wallet": wallet_id}, amounts)
            events += (entry, LienMoved(wallet_id, each.currency, 0))
    return tuple(events)
