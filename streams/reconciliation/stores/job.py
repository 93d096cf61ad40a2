"""The stores job, as the runtime sees it.

Owns: its name, its topics, its tables, and how it is bound to a partition.
Never: decides; that is `steps.py`.
"""

from __future__ import annotations

from typing import Final, final

from streams.reconciliation.stores.steps import StoresSteps
from streams.reconciliation.stores.tables import TABLES, Books
from streams.runtime.changelog import ChangelogJob
from streams.runtime.job import Job
from streams.runtime.tables import Overlay
from streams.sealed import SealedJob
from topics.catalog import EVENTS, RECON_EVENTS, SINK_ATTESTATIONS


@final
class StoresJob:
    """Compares stores with the log; satisfies `streams.runtime.changelog.StepJob`."""

    name: Final = "stores"
    inputs: Final = (EVENTS, SINK_ATTESTATIONS)
    outputs: Final = (RECON_EVENTS,)
    tables: Final = TABLES

    def open(self, overlay: Overlay, partition: int) -> StoresSteps:
        """Bind the job to one partition's tables."""
        return StoresSteps(Books(overlay), partition)


def stores_job() -> Job:
    """Return the job on its changelog."""
    return ChangelogJob(SealedJob(StoresJob()))
