"""The facts job, as the runtime sees it.

Owns: its name, its topics, its tables, and how it is bound to a partition.
Never: decides; that is `facts.py`.
"""

from __future__ import annotations

from typing import Final, final

from streams.reconciliation.internal.checks.ri06_in_flight import LATE_US
from streams.reconciliation.internal.facts import FactsSteps
from streams.reconciliation.internal.facts_tables import TABLES, Books
from streams.runtime.changelog import ChangelogJob
from streams.runtime.job import Job
from streams.runtime.tables import Overlay
from topics.catalog import EVENTS, RECON_FACTS


@final
class FactsJob:
    """Follows the log of every partition; satisfies `streams.runtime.changelog.StepJob`."""

    name: Final = "facts"
    inputs: Final = (EVENTS,)
    outputs: Final = (RECON_FACTS,)
    tables: Final = TABLES

    def __init__(self, partitions: int, late_us: int = LATE_US) -> None:
        self._partitions: Final = partitions
        self._late_us: Final = late_us

    def open(self, overlay: Overlay, partition: int) -> FactsSteps:
        """Bind the job to one partition's tables."""
        return FactsSteps(Books(overlay), (partition, self._partitions), self._late_us)


def facts_job(partitions: int) -> Job:
    """Return the job on its changelog."""
    return ChangelogJob(FactsJob(partitions))
