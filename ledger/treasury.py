"""Treasury: which steps of the catalogue BookTreasury books, and what each needs to be told.

Owns: `STEPS`, read from the catalogue itself, the rails that banks settle, and the suspense
account of receipts without an owner.
Never: a rule.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, final

from ledger.catalogue import FLOWS
from schemas.messages.vocabulary import TreasuryFlow

# Rails with accounts RAIL.RCV, RAIL.PAY and RAIL.CHB.
RAILS: Final = frozenset({"card", "ach", "sct", "pix", "upi"})
# SUSP:in holds exactly the receipts that nobody could be found for.
RECEIVED: Final = "in"
RECEIPT: Final = TreasuryFlow.F19_1
OPENING: Final = "F0.1"


@final
class Step:
    """One step: its flow, and which fields it needs; any other must be left out."""

    __slots__ = ("account", "biller", "cost", "flow", "other", "rail")

    def __init__(self, flow: str) -> None:
        lines = FLOWS[flow]
        self.flow: Final = flow
        self.account: Final = any(each.owner == "account" for each in lines)
        self.rail: Final = any(each.owner == "rail" for each in lines)
        self.biller: Final = any(each.account == "BILLER" for each in lines)
        self.cost: Final = any(each.amount == "cost" for each in lines)
        self.other: Final = any(each.in_other for each in lines)


STEPS: Final[Mapping[TreasuryFlow, Step]] = MappingProxyType(
    {each: Step(each.name.replace("_", ".")) for each in TreasuryFlow}
)
