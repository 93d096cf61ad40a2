"""Words: what a step of the posting catalogue is called on a statement.

Owns: the words, by family of flows and, where a family says too little, by flow.
Never: judges; a flow without words is shown by its name.
"""

from __future__ import annotations

import re
from typing import Final

FLOWS: Final = {
    "F2b.2": "Bank top-up returned",
    "F2c.4": "Bank top-up returned",
    "F3c.5": "Withdrawal returned",
    "F5.3": "Transfer fee",
    "F5b.2": "Transfer returned",
    "F6.3": "Sale matured",
    "F6.4r": "Reserve released",
    "F7.3": "Purchase",
    "F7.4": "Sale",
    "F6.1": "Purchase",
    "F9.2": "Dispute settled",
    "F9.3": "Dispute won",
    "F9.4": "Dispute fee",
    "F11.3": "Escrow released",
    "F11.3w": "Escrow released",
    "F11.4": "Escrow given back",
    "F12.3": "Money claimed",
    "F12b.2": "Unclaimed money given back",
    "F14b.2": "Bill rejected",
    "F16.1r": "Payout called off",
    "F16b.2": "Payout returned",
    "F19.3": "Receipt found",
}
FAMILIES: Final = {
    "F0": "Balance brought over",
    "F1": "Card top-up",
    "F2": "Bank top-up",
    "F3": "Withdrawal",
    "F4": "Transfer",
    "F5": "Transfer",
    "F6": "Sale",
    "F7": "Authorisation",
    "F8": "Refund",
    "F9": "Dispute",
    "F10": "Chargeback",
    "F11": "Escrow",
    "F12": "Money sent by claim",
    "F13": "Savings pot",
    "F14": "Bill",
    "F15": "Currency conversion",
    "F16": "Payout",
    "F17": "Reward",
    "F18": "Interest",
    "F19": "Unidentified receipt",
    "F20": "Adjustment",
    "F21": "Residual swept",
    "F22": "Fees moved",
}
_FAMILY: Final = re.compile(r"F[0-9]+")


def words_of(flow: str) -> str:
    """Return what a flow is called."""
    if flow in FLOWS:
        return FLOWS[flow]
    found = _FAMILY.match(flow)
    return FAMILIES.get(found[0], flow) if found else flow
