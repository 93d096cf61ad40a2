"""Plan of a lag report: rows of sink and partition from sequences.

Owns: what lag is: the log's last sealed sequence minus the last one a store has applied.
Never: asks anybody. Offsets are not contiguous; sequences are.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from schemas.messages.decisions import Decision
from sinks.batch import Position


def lag_rows(
    heads: Mapping[int, Decision | None], stores: Mapping[str, Mapping[int, Position] | str]
) -> Iterator[dict[str, Any]]:
    """Yield one row per sink and partition; a store that is away is told instead."""
    for store, positions in sorted(stores.items()):
        for partition, head in sorted(heads.items()):
            sequence = head.sequence if head is not None else 0
            row = {"sink": store, "partition": partition, "log": sequence}
            if isinstance(positions, str):
                yield {**row, "applied": None, "lag": None, "note": positions}
                continue
            applied = positions[partition].sequence if partition in positions else 0
            note = "ahead of the log: was the log replaced?" if applied > sequence else ""
            yield {**row, "applied": applied, "lag": sequence - applied, "note": note}


def waiting_rows(
    heads: Mapping[int, Decision | None], ends: Mapping[str, Mapping[int, int]]
) -> Iterator[dict[str, Any]]:
    """Yield, per input topic and partition, at most how many records wait for a writer.

    At most: markers of transactions lie between the records of legs.
    """
    for topic, by_partition in sorted(ends.items()):
        for partition, end in sorted(by_partition.items()):
            head = heads.get(partition)
            seal = head.seal if head is not None else None
            positions = seal.next_positions if seal is not None else ()
            reached = {each.topic: each.offset for each in positions}.get(topic, 0)
            yield {
                "input": topic,
                "partition": partition,
                "end": end,
                "next": reached,
                "waiting at most": max(0, end - reached),
            }
