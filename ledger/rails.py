"""Rails: the ways in and out that have accounts.

Owns: the closed sets of rails of top-ups by card, top-ups by bank and withdrawals, and how a
reference of what we hand over is told from one that a rail gave us.
Never: reads a row.
"""

from __future__ import annotations

from typing import Final

CARD_IN: Final = frozenset({"card"})
# sdd is the direct debit of the SEPA area: it collects and cannot pay out.
BANK_IN: Final = frozenset({"ach", "sct", "sdd", "pix", "upi"})
BANK_OUT: Final = frozenset({"ach", "sct", "pix", "upi"})


def payout(rail: str) -> str:
    """Return the name under which references of payouts are kept; no rail of top-ups has it."""
    return f"payout:{rail}"
