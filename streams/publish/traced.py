"""Traced: the publish job, with the trace of each Decision carried on to its facts.

Owns: that the facts of a traced Decision say so in their headers.
Never: changes a fact, or the facts of a Decision that nobody traces.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, final

from streams.publish.job import PublishJob
from streams.publish.steps import PublishSteps
from streams.runtime.job import InputRecord, Output
from streams.runtime.tables import Overlay
from streams.runtime.traced import Trail, Trails, with_header

PUBLISHED: Final = "published"


@final
class TracedPublish:
    """Satisfies `streams.runtime.changelog.StepJob`."""

    name: Final = PublishJob.name
    inputs: Final = PublishJob.inputs
    outputs: Final = PublishJob.outputs
    tables: Final = PublishJob.tables

    def __init__(self, trails: Trails) -> None:
        self._job: Final = PublishJob()
        self._trails: Final = trails

    def open(self, overlay: Overlay, partition: int) -> TracedSteps:
        """Bind the job to one partition's tables."""
        return TracedSteps(self._job.open(overlay, partition), self._trails.of(partition))


@final
class TracedSteps:
    """One partition of the job; satisfies `streams.runtime.changelog.Steps`."""

    def __init__(self, steps: PublishSteps, trail: Trail) -> None:
        self._steps: Final = steps
        self._trail: Final = trail
        self.fire: Final = steps.fire

    def step(self, record: InputRecord) -> Sequence[Output]:
        """Publish one Decision."""
        if not record.trace:
            return self._steps.step(record)
        began = self._trail.wall_us()
        outputs = self._steps.step(record)
        told: dict[str, str | int] = {"ledger.facts": len(outputs)}
        header = self._trail.follow(PUBLISHED, record, began, told)
        return [with_header(output, header) for output in outputs]
