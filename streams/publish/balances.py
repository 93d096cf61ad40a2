"""Balances: what a Decision says that a wallet has from now on.

Owns: the row function of `wallet.balances.v1`, and its keys.
Never: adds up; the ledger states the balance after every Decision that moved it.
"""

from __future__ import annotations

from ledger.chart import WALLET_ACCOUNTS
from schemas.currencies import EXPONENTS
from schemas.messages.decisions import Decision
from schemas.messages.facts import BalanceFact
from streams.publish.stamped import Stamp


def balances_of(decision: Decision, stamp: Stamp) -> list[BalanceFact]:
    """Return the balance of every account of a wallet that the Decision touched."""
    return [
        BalanceFact(
            balance_id=f"{after.owner}|{after.account}|{after.currency}",
            wallet_id=after.owner,
            account=after.account,
            currency=after.currency,
            exponent=EXPONENTS[after.currency],
            balance_minor=after.minor,
            wallet_sequence=after.owner_sequence,
            partition=decision.partition,
            sequence=decision.sequence,
            decided_at=stamp.decided_at,
            logged_at=stamp.logged_at,
        )
        for after in decision.balances
        if after.account in WALLET_ACCOUNTS
    ]
