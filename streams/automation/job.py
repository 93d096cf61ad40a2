"""The automation job, as the runtime sees it.

Owns: its name, its topics, its tables, and how it is bound to a partition.
Never: decides; that is `steps.py`.
"""

from __future__ import annotations

from typing import Final, final

from streams.automation.steps import AutomationSteps
from streams.automation.tables import TABLES, Books
from streams.runtime.changelog import ChangelogJob
from streams.runtime.job import Job
from streams.runtime.tables import Overlay
from streams.sealed import SealedJob
from topics.catalog import AUTOMATION_NOTICES, AUTOMATION_RULES, EVENTS, JOB_COMMANDS


@final
class AutomationJob:
    """Does what rules say; satisfies `streams.runtime.changelog.StepJob`."""

    name: Final = "automation"
    inputs: Final = (AUTOMATION_RULES, EVENTS)
    outputs: Final = (JOB_COMMANDS, AUTOMATION_NOTICES)
    tables: Final = TABLES

    def __init__(self, partitions: int) -> None:
        self._partitions: Final = partitions

    def open(self, overlay: Overlay, partition: int) -> AutomationSteps:
        """Bind the job to one partition's tables."""
        return AutomationSteps(Books(overlay), partition, self._partitions)


def automation_job(partitions: int) -> Job:
    """Return the job on its changelog; a command goes to its wallet's among the partitions."""
    return ChangelogJob(SealedJob(AutomationJob(partitions)))
