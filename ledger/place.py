"""Where a Decision is made: which ledger, which of its partitions, and who else lives where."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, final

from ledger.view import PartitionView


@final
class Place:
    """One partition of one ledger, and the function that routes wallets to partitions."""

    __slots__ = ("ledger_id", "partition", "partition_of")

    def __init__(self, ledger_id: str, partition: int, partition_of: Callable[[str], int]) -> None:
        self.ledger_id: Final = ledger_id
        self.partition: Final = partition
        self.partition_of: Final = partition_of

    def home_of(self, view: PartitionView, wallet_id: str) -> int:
        """Return a wallet's partition; one that was opened here needs no hashing."""
        if view.wallets.get(wallet_id) is not None:
            return self.partition
        return self.partition_of(wallet_id)
