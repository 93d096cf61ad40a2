"""`bench recon --beside`: how many Decisions the reconciling jobs follow, beside those decided.

Theory: a day is decided in this process as a worker does it, Kafka left out (`core`), then followed
by `facts` as its own worker would: timers, step, seal of its changelog, RocksDB; then `match` takes
what `facts` said, and `stores` sums what its attestations are compared with. Each is timed alone,
in CPU of this thread, so the figures are Decisions per second of one core, of the same Decisions in
the same run. A break that is found is a false one.

Owns: that measurement.
Never: asserts a figure.
"""

from __future__ import annotations

import tempfile
import time
from contextlib import ExitStack, closing
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, final

from ops.bench.core import PARTS, Worker, worked_off
from ops.bench.inside import GROUP
from schemas.codec import decode
from schemas.messages.recon import BreakOpened, ReconEvent
from streams.reconciliation.internal.facts_job import facts_job
from streams.reconciliation.internal.match_job import match_job
from streams.reconciliation.stores.job import stores_job
from streams.runtime.clock import SystemClock
from streams.runtime.job import InputRecord
from streams.runtime.limits import LIMITS
from streams.runtime.metrics import Meter
from streams.runtime.overlay import OverlayState
from streams.runtime.store import StoreRoot
from topics.catalog import EVENTS, RECON_EVENTS, RECON_FACTS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ops.bench.load import Load
    from streams.runtime.job import Job, Output
    from streams.runtime.ports import Store


@final
class Follower:
    """A job of one partition, as a worker has it but for Kafka; `cpu_s` is all it took."""

    def __init__(self, job: Job, partition: int, store: Store) -> None:
        self.cpu_s = 0.0
        self._input: Final = job.inputs[0].name
        self._overlay: Final = OverlayState(job.tables, store, LIMITS.cached_rows)
        self._job: Final = job.open(self._overlay, partition)

    def follow(self, records: Sequence[InputRecord]) -> Iterator[Output]:
        """Take all records, group by group; yield what is said of them."""
        for first in range(0, len(records), GROUP):
            yield from self._turn(records[first : first + GROUP])

    def _turn(self, records: Sequence[InputRecord]) -> Sequence[Output]:
        began = time.thread_time()
        answers = []
        for record in records:
            while (fired := self._job.fire(record.append_time)) is not None:
                answers.append(fired)
            answers.append(self._job.step(record))
        group = self._job.seal(answers, {self._input: records[-1].offset + 1})
        self._overlay.fold()
        self._overlay.flush(b"")
        self.cpu_s += time.thread_time() - began
        return group.outputs


def measure(loads: Sequence[Load], partitions: int) -> dict[str, Any]:
    """Return Decisions per second of the ledger and of what follows it."""
    with tempfile.TemporaryDirectory(prefix="ledger-bench-") as folder, ExitStack() as ending:
        root = StoreRoot(Path(folder))

        def stores(name: str) -> list[Store]:
            found = [root.open(name, number) for number in range(partitions)]
            return [ending.enter_context(closing(each)) for each in found]

        meter = Meter(SystemClock())
        workers = worked_off(loads, stores("wallet"), meter)
        logs = [_log_of(worker) for worker in workers]
        facts, said = _followed(facts_job(partitions), stores("facts"), RECON_FACTS.name, logs)
        match, told = _followed(match_job(partitions), stores("match"), RECON_EVENTS.name, said)
        sums, found = _followed(stores_job(), stores("stores"), RECON_EVENTS.name, logs)
    decisions = sum(map(len, logs))
    events = [
        decode(ReconEvent, each.value or b"").body for part in (*told, *found) for each in part
    ]
    deciding_s = sum(meter.cpu_s[part] for part in PARTS)
    return {
        "commands": len(loads),
        "decisions": decisions,
        "facts": sum(map(len, said)),
        "ledger_decisions_per_s": round(decisions / deciding_s),
        "facts_decisions_per_s": round(decisions / facts),
        "match_decisions_per_s": round(decisions / match),
        "stores_decisions_per_s": round(decisions / sums),
        "reconciler_decisions_per_s": round(decisions / (facts + match + sums)),
        "ratio": round(deciding_s / (facts + match + sums), 2),
        "false_breaks": sum(isinstance(each, BreakOpened) for each in events),
    }


def _log_of(worker: Worker) -> list[InputRecord]:
    """Return the log of a partition as a job takes it, each Decision when its input came."""
    return [
        InputRecord(EVENTS.name, worker.partition, offset, given.append_time, each.key, each.value)
        for offset, ((given, _), each) in enumerate(zip(worker.decided, worker.log, strict=True))
    ]


def _followed(
    job: Job, stores: Sequence[Store], topic: str, inputs: Sequence[Sequence[InputRecord]]
) -> tuple[float, list[list[InputRecord]]]:
    """Let a job follow every partition; return its CPU and what it wrote to a topic."""
    said: list[list[InputRecord]] = [[] for _ in stores]
    seconds = 0.0
    for number, (store, records) in enumerate(zip(stores, inputs, strict=True)):
        follower = Follower(job, number, store)
        for each in follower.follow(records):
            if each.topic == topic:
                place = (topic, each.partition, len(said[each.partition]), records[-1].append_time)
                said[each.partition].append(InputRecord(*place, each.key, each.value))
        seconds += follower.cpu_s
    return seconds, said
