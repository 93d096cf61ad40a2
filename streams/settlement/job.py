"""The settlement job, as the runtime sees it.

Owns: its name, its topics, its tables, and how it is bound to a partition.
Never: decides; that is `steps.py`.
"""

from __future__ import annotations

from typing import Final, final

from schemas.messages.policy import Policy
from streams.runtime.changelog import ChangelogJob
from streams.runtime.job import Job
from streams.runtime.tables import Overlay
from streams.sealed import SealedJob
from streams.settlement.steps import SettlementSteps
from streams.settlement.tables import TABLES, Books
from streams.wallet.genesis import genesis_policy
from topics.catalog import EVENTS, INSTRUCTIONS, JOB_COMMANDS, STATEMENTS


@final
class SettlementJob:
    """Pays merchants out; satisfies `streams.runtime.changelog.StepJob`."""

    name: Final = "settlement"
    inputs: Final = (EVENTS,)
    outputs: Final = (JOB_COMMANDS, STATEMENTS, INSTRUCTIONS)
    tables: Final = TABLES

    def __init__(self, policy: Policy | None = None) -> None:
        self._genesis: Final = policy or genesis_policy()

    def open(self, overlay: Overlay, partition: int) -> SettlementSteps:
        """Bind the job to one partition's tables."""
        return SettlementSteps(Books(overlay), partition, self._genesis)


def settlement_job(policy: Policy | None = None) -> Job:
    """Return the job on its changelog; `policy` holds until the log activates another."""
    return ChangelogJob(SealedJob(SettlementJob(policy)))
