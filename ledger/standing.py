"""Standing: what lies beneath a freeze, who froze, and the questions that need to know it.

Owns: how a wallet's status is read together with its standing row; which is there only while it
says something unusual.
Never: changes either.

An active wallet is answered from its own row: the hot path reads no standing.
"""

from __future__ import annotations

from typing import Final

from ledger import wallet_status
from ledger.case import Case
from ledger.refusal import Refusal
from ledger.view import PartitionView
from ledger.wallet_status import currency_refusal, status_now
from schemas.messages.rows import StandingRow, WalletRow
from schemas.messages.vocabulary import Authority, WalletStatus

NO_STANDING: Final = StandingRow(WalletStatus.ACTIVE, Authority.OPERATOR, 0, 0)


def standing_of(view: PartitionView, wallet_id: str) -> StandingRow:
    """Return a wallet's standing."""
    return view.standings.get(wallet_id) or NO_STANDING


def own_status(view: PartitionView, wallet_id: str, row: WalletRow) -> WalletStatus:
    """Return a wallet's status as it is without a freeze."""
    if row.status is not WalletStatus.FROZEN:
        return row.status
    return status_now(standing_of(view, wallet_id).beneath, row.tier)


def debit_refusal(case: Case, currency: str) -> Refusal | None:
    """Refuse what the command's wallet may not pay."""
    row = case.owner()
    if row.status is WalletStatus.ACTIVE:
        return currency_refusal(row, currency)
    own = own_status(case.moment.view, case.wallet_id, row)
    return wallet_status.debit_refusal(row, own, currency)


def payout_refusal(case: Case, currency: str) -> Refusal | None:
    """Refuse what the merchant may not be paid out."""
    row = case.owner()
    own = own_status(case.moment.view, case.wallet_id, row)
    return wallet_status.payout_refusal(row, own, currency)


def top_up_refusal(case: Case, currency: str) -> Refusal | None:
    """Refuse what the owner of the command's wallet may not put in."""
    row = case.owner()
    if row.status is WalletStatus.ACTIVE:
        return currency_refusal(row, currency)
    own = own_status(case.moment.view, case.wallet_id, row)
    return wallet_status.top_up_refusal(row, own, currency)


def credit_refusal(
    view: PartitionView, wallet_id: str, row: WalletRow, currency: str
) -> Refusal | None:
    """Refuse what may not reach a wallet."""
    if row.status is WalletStatus.ACTIVE:
        return currency_refusal(row, currency)
    return wallet_status.credit_refusal(row, own_status(view, wallet_id, row), currency)


def handover_refusal(case: Case) -> Refusal | None:
    """Refuse to hand over what the command's wallet paid before."""
    row = case.owner()
    if row.status is not WalletStatus.FROZEN:
        return None
    authority = standing_of(case.moment.view, case.wallet_id).authority
    return wallet_status.handover_refusal(row, authority)
