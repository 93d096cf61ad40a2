"""The log of a job that has none of its own: `<job>.changelog.v1`.

Owns: its name, record and retention.
Never: reads or writes it; `streams/runtime/changelog.py` does.
"""

from __future__ import annotations

from schemas.messages.runtime import ChangelogRecord
from topics.topic import FOREVER_MS, Topic


def changelog_topic(job: str) -> Topic:
    """Return the log of a job on the ready-made log."""
    return Topic(
        name=f"{job}.changelog.v1",
        key="partition",
        message=ChangelogRecord,
        retention_ms=FOREVER_MS,
        written_by=f"the {job} job",
        note="changed rows, outputs and next input positions, group by group",
    )
