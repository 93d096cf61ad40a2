"""Conversions: guards of money that changes its currency inside one wallet.

Owns: what a conversion must say, and that the wallet may pay and holds both currencies.
Never: rates; those come after limits and funds (`ledger.decisions.fx`).
"""

from __future__ import annotations

from typing import Final

from ledger.case import Case
from ledger.guards.fields import id_refusal, malformed, money
from ledger.guards.used import transaction_in_use
from ledger.refusal import Refusal
from ledger.standing import debit_refusal
from ledger.wallet_status import currency_refusal
from schemas.messages.commands import Convert

COMMANDS: Final = (Convert,)


def shape(case: Case, body: Convert) -> Refusal | None:
    """Refuse malformed fields; the two currencies differ."""
    programme = case.moment.programme
    if body.from_currency == body.to_currency:
        return malformed("to_currency")
    if body.mid_e9 <= 0:
        return malformed("mid_e9")
    return (
        id_refusal(body.quote_id, "quote_id")
        or money(programme, body.from_currency, body.sell_amount, None)
        or money(programme, body.to_currency, body.buy_amount, None)
    )


def state(case: Case) -> Refusal | None:
    """Refuse an id that names an earlier transaction."""
    return transaction_in_use(case)


def status(case: Case, body: Convert) -> Refusal | None:
    """A conversion pays, so it asks what a payment asks, and for the other currency too."""
    owner = case.owner()
    return debit_refusal(case, body.from_currency) or currency_refusal(owner, body.to_currency)
