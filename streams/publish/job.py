"""The publish job, as the runtime sees it.

Owns: its name, its topics, its tables, and how it is bound to a partition.
Never: makes a fact; that is `steps.py`.
"""

from __future__ import annotations

from typing import Final, final

from streams.publish.steps import PublishSteps
from streams.publish.tables import TABLES, Books
from streams.runtime.changelog import ChangelogJob, StepJob
from streams.runtime.job import Job
from streams.runtime.tables import Overlay
from streams.sealed import SealedJob
from topics.catalog import ATTEMPTS, BALANCES, EVENTS, POSTINGS, TOTALS, TRANSACTIONS


@final
class PublishJob:
    """Follows the log of every partition; satisfies `streams.runtime.changelog.StepJob`."""

    name: Final = "publish"
    inputs: Final = (EVENTS,)
    outputs: Final = (POSTINGS, BALANCES, TRANSACTIONS, ATTEMPTS, TOTALS)
    tables: Final = TABLES

    def open(self, overlay: Overlay, partition: int) -> PublishSteps:
        """Bind the job to one partition's tables."""
        return PublishSteps(Books(overlay), partition)


def publish_job(job: StepJob | None = None) -> Job:
    """Return the job, or one that stands for it, on its changelog."""
    return ChangelogJob(SealedJob(job or PublishJob()))
