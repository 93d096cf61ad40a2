"""Check 12: no transaction is left open: the last stable offset is the high watermark.

Owns: the question to the broker, and how long the answer may take to become right.
Never: reads records.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from confluent_kafka import IsolationLevel, TopicPartition
from confluent_kafka.admin import AdminClient, OffsetSpec  # type: ignore[attr-defined]

from ops.checker.report import Result
from ops.rig import wait_for
from schemas.access.kafka import Servers, entering
from topics.catalog import TOPICS

ASK_S: Final = 10.0
Ends = Mapping[tuple[str, int], int]


def ends(admin: AdminClient, partitions: int, level: IsolationLevel) -> Ends:
    """Return the end of every partition of every topic, as this isolation level sees it."""
    asked = {
        TopicPartition(topic.name, number): OffsetSpec.latest()  # type: ignore[no-untyped-call]
        for topic in TOPICS
        for number in range(partitions)
    }
    answers = admin.list_offsets(asked, isolation_level=level, request_timeout=ASK_S)
    return {
        (place.topic, place.partition): answer.result(ASK_S).offset
        for place, answer in answers.items()
    }


def compare_ends(stable: Ends, high: Ends, result: Result) -> None:
    """Name the partitions whose last stable offset hangs behind."""
    for (topic, partition), offset in high.items():
        result.looked_at += 1
        if stable.get((topic, partition)) != offset:
            what = f"its last stable offset is {stable.get((topic, partition))}, its end {offset}"
            result.add(f"{topic}[{partition}]", what)


def check_watermarks(address: Servers, partitions: int, settle_s: float, result: Result) -> None:
    """Wait until nothing is open, at most `settle_s`; name what still is."""
    admin = AdminClient({**entering(address), "log_level": 0})
    seen: list[Ends] = []

    def settled() -> bool:
        seen[:] = [
            ends(admin, partitions, level)
            for level in (IsolationLevel.READ_COMMITTED, IsolationLevel.READ_UNCOMMITTED)
        ]
        stable, high = seen
        return stable == high

    try:
        wait_for("every transaction to end", settled, settle_s)
    except TimeoutError:
        result.note(f"waited {settle_s:.0f} s")
    stable, high = seen
    compare_ends(stable, high, result)
