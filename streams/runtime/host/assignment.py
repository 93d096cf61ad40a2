"""What a rebalance gave us, checked: every input of a partition number is here, or none is.

Owns: the pure check of an assignment.
Never: trusts the assignor: with unequal partition counts, a missing topic or a rolling deploy that
adds one, the inputs of a number come apart without an error anywhere.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence


class SplitAssignmentError(Exception):
    """The inputs of one partition number were given to different workers."""


def partition_numbers(
    assigned: Iterable[tuple[str, int]], inputs: Sequence[str]
) -> tuple[int, ...]:
    """Return the partition numbers of an assignment in order, or raise naming what is missing."""
    topics_of: defaultdict[int, set[str]] = defaultdict(set)
    for topic, number in assigned:
        topics_of[number].add(topic)
    for number, topics in sorted(topics_of.items()):
        missing = [topic for topic in inputs if topic not in topics]
        if missing:
            raise SplitAssignmentError(
                f"partition {number}: assigned {sorted(topics)}, but not {missing}; "
                f"all inputs of a number belong to one worker: "
                f"check that every topic exists with the same partition count"
            )
        unknown = sorted(topics.difference(inputs))
        if unknown:
            raise SplitAssignmentError(f"partition {number}: {unknown} is no input of this job")
    return tuple(sorted(topics_of))
