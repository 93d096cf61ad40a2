"""Quotes: one currency into another, at a rate that was quoted.

Owns: its addresses.
Never: a rule: the ledger decides.
"""

from typing import Final

from ingress.http.route import Write

WRITES: Final = (
    Write("/wallets/{wallet_id}/quotes/{quote_id}/conversion", "Convert", "Take a quoted rate"),
)
