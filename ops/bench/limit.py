"""`bench limit`: what the broker and its client give this machine, with and without a codec.

Theory: the commands lie in their topic; as many processes as the ledger has workers run the plain
loop over them, each on its share of the partitions, and answer with Decisions sampled from a real
log. The limit is records per second between the first process's begin and the last one's end.

Owns: that measurement, which `bench pipeline` makes in the same run as its own.
Never: asserts a figure.
"""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING, Final

from confluent_kafka import Consumer

from ops.bench.drain import DEADLINE_S, ends_of
from ops.bench.plain import PlainConfig
from schemas.access.kafka import Servers, entering
from topics.catalog import COMMANDS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from ops.stack import Stack

TARGET: Final = "bench.plain"


def measure(stack: Stack, processes: int, samples: Sequence[bytes]) -> dict[str, float]:
    """Return records per second of the loop with a codec (fastavro), and of the one without."""
    path = write_samples(stack.layout.root, samples)
    coded = _moved(stack, processes, path, codec=True)
    return {"codec": coded, "bytes": _moved(stack, processes, path, codec=False)}


def write_samples(folder: Path, samples: Sequence[bytes]) -> Path:
    """Write sampled Decisions as hex lines; return the file."""
    path = folder / "bench-samples.hex"
    path.write_text("\n".join(value.hex() for value in samples), encoding="ascii")
    return path


def _moved(stack: Stack, processes: int, samples: Path, *, codec: bool) -> float:
    counts = _counts(stack.endpoints.kafka)
    running = []
    for number in range(processes):
        own = sorted(counts)[number::processes]
        config = PlainConfig(
            stack.endpoints.kafka,
            COMMANDS.name,
            TARGET,
            own,
            str(samples),
            sum(counts[each] for each in own),
            f"plain-{number}",
            codec,
        )
        running.append(subprocess.Popen(config.argv(), stdout=subprocess.PIPE, text=True))
    ends = [
        json.loads(each.communicate(timeout=DEADLINE_S)[0].splitlines()[-1]) for each in running
    ]
    seconds = max(end["ended"] for end in ends) - min(end["began"] for end in ends)
    return float(sum(end["records"] for end in ends) / seconds)


def _counts(bootstrap: Servers) -> dict[int, int]:
    consumer = Consumer({**entering(bootstrap), "group.id": "bench"})
    try:
        return ends_of(consumer, COMMANDS.name)
    finally:
        consumer.close()
