"""A difference: where the ledger said something else than the auditor."""

from __future__ import annotations

from dataclasses import dataclass

from typing_extensions import override


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference; `wallet_id` is empty when the input is about none."""

    partition: int
    sequence: int
    wallet_id: str
    what: str
    expected: object
    found: object

    @override
    def __str__(self) -> str:
        wallet = f" wallet {self.wallet_id}" if self.wallet_id else ""
        return (
            f"partition {self.partition} #{self.sequence}{wallet}: {self.what}: "
            f"expected {self.expected}, found {self.found}"
        )
