"""The wallet job, as the runtime sees it.

Owns: its name, its topics, its tables, and how it is bound to a partition.
Never: decides; that is `step.py` and, below it, `ledger/`.
"""

from __future__ import annotations

from typing import Final, final

from ledger.place import Place
from schemas.messages.policy import Policy, Ruleset
from streams.runtime.tables import Overlay
from streams.wallet.genesis import Programmes, genesis_policy, genesis_ruleset
from streams.wallet.step import WalletPartition
from streams.wallet.tables import TABLES, open_view
from topics.catalog import (
    COMMANDS,
    CONTROL,
    DEAD_LETTERS,
    EVENTS,
    JOB_COMMANDS,
    LEGS,
    RESULTS,
    SHADOW,
)
from topics.partitioning import partition_of


@final
class WalletJob:
    """The single writer; satisfies `streams.runtime.job.Job`."""

    name: Final = "wallet"
    inputs: Final = (LEGS, CONTROL, JOB_COMMANDS, COMMANDS)
    log: Final = EVENTS
    outputs: Final = (LEGS, RESULTS, DEAD_LETTERS, SHADOW)
    tables: Final = TABLES

    def __init__(
        self,
        ledger_id: str,
        partitions: int,
        policy: Policy | None = None,
        ruleset: Ruleset | None = None,
    ) -> None:
        self._ledger_id: Final = ledger_id
        self._partitions: Final = partitions
        self._policy: Final = policy or genesis_policy()
        self._ruleset: Final = ruleset or genesis_ruleset()

    def open(self, overlay: Overlay, partition: int) -> WalletPartition:
        """Bind the writer to one partition's tables."""

        def route(wallet_id: str) -> int:
            return partition_of(wallet_id, self._partitions)

        place = Place(self._ledger_id, partition, route)
        programmes = Programmes(self._policy, self._ruleset)
        return WalletPartition(open_view(overlay), place, programmes)
