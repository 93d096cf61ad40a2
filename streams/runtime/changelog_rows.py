"""The rows of a changelog record: how outputs become rows, and how a group is cut into records.

Owns: the reserved table name of outputs and their key.
Never: reads a job's own rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from schemas.messages.runtime import ChangedRow
from streams.runtime.job import Output

OUTPUTS: Final = "!outputs"  # a job's own tables have other names
# A record stays below the topic's limit of 1 MiB, with room for its frame and positions.
RECORD_BYTES: Final = 900_000
ROW_OVERHEAD_BYTES: Final = 32
NO_KEY: Final = b"-"
HAS_KEY: Final = b"+"


def output_row(output: Output) -> ChangedRow:
    """Write an output as a row: its address in the key, its value as it is."""
    key = NO_KEY if output.key is None else HAS_KEY + output.key
    address = b"%s %d " % (output.topic.encode(), output.partition)
    return ChangedRow(OUTPUTS, address + key, output.value)


def row_output(row: ChangedRow) -> Output:
    """Read an output back."""
    topic, partition, key = row.key.split(b" ", 2)
    named = None if key == NO_KEY else key[1:]
    return Output(topic.decode(), int(partition), named, row.value)


def cut(rows: Sequence[ChangedRow]) -> list[list[ChangedRow]]:
    """Cut rows into parts that fit a record each; at least one part."""
    parts: list[list[ChangedRow]] = [[]]
    room = RECORD_BYTES
    for row in rows:
        size = len(row.table) + len(row.key) + len(row.value or b"") + ROW_OVERHEAD_BYTES
        if size > room and parts[-1]:
            parts.append([])
            room = RECORD_BYTES
        parts[-1].append(row)
        room -= size
    return parts
