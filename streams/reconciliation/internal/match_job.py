"""The match job, as the runtime sees it.

Owns: its name, its topics, its tables, and how it is bound to a partition.
Never: decides; that is `match.py`.
"""

from __future__ import annotations

from typing import Final, final

from streams.reconciliation.internal.match import MatchSteps
from streams.reconciliation.internal.match_tables import TABLES, Meetings
from streams.runtime.changelog import ChangelogJob
from streams.runtime.job import Job
from streams.runtime.tables import Overlay
from topics.catalog import RECON_EVENTS, RECON_FACTS


@final
class MatchJob:
    """Compares what partitions say; satisfies `streams.runtime.changelog.StepJob`."""

    name: Final = "match"
    inputs: Final = (RECON_FACTS,)
    outputs: Final = (RECON_EVENTS,)
    tables: Final = TABLES

    def __init__(self, partitions: int) -> None:
        self._partitions: Final = partitions

    def open(self, overlay: Overlay, partition: int) -> MatchSteps:
        """Bind the job to one partition's tables."""
        return MatchSteps(Meetings(overlay), (partition, self._partitions))


def match_job(partitions: int) -> Job:
    """Return the job on its changelog."""
    return ChangelogJob(MatchJob(partitions))
