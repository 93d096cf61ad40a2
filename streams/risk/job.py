"""The risk job, as the runtime sees it.

Owns: its name, its topics, its tables, and how it is bound to a partition.
Never: decides; that is `steps.py`.
"""

from __future__ import annotations

from typing import Final, final

from schemas.messages.policy import Ruleset
from streams.risk.steps import RiskSteps
from streams.risk.tables import TABLES, Books
from streams.runtime.changelog import ChangelogJob
from streams.runtime.job import Job
from streams.runtime.tables import Overlay
from streams.sealed import SealedJob
from streams.wallet.genesis import genesis_ruleset
from topics.catalog import CONTROL, EVENTS, SIGHTINGS


@final
class RiskJob:
    """Counts across wallets; satisfies `streams.runtime.changelog.StepJob`."""

    name: Final = "risk"
    inputs: Final = (SIGHTINGS, EVENTS)
    outputs: Final = (SIGHTINGS, CONTROL)
    tables: Final = TABLES

    def __init__(self, partitions: int, ruleset: Ruleset | None = None) -> None:
        self._partitions: Final = partitions
        self._genesis: Final = ruleset or genesis_ruleset()

    def open(self, overlay: Overlay, partition: int) -> RiskSteps:
        """Bind the job to one partition's tables."""
        del partition  # a record says by itself what it is about
        return RiskSteps(Books(overlay), self._partitions, self._genesis)


def risk_job(partitions: int, ruleset: Ruleset | None = None) -> Job:
    """Return the job on its changelog; `ruleset` holds until the log activates another."""
    return ChangelogJob(SealedJob(RiskJob(partitions, ruleset)))
