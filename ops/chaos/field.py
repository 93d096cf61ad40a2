"""Field: everything a run has under it, and the diary of what was done to it.

Owns: stack, proxy, workers, sinks and their settings; the diary.
Never: decides what happens; the schedule does.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from ops.rig import read_status, start_sink, start_worker, status_of, wait_for
from ops.stack import RestartPolicy
from ops.stack.workers import SINKS
from ops.topic_setup import prepare

if TYPE_CHECKING:
    from pathlib import Path

    from ops.chaos.bypass import Bypass
    from ops.stack import ManagedProcess, Stack

PARTITIONS: Final = 8
WORKERS: Final = ("worker-1", "worker-2", "worker-3")
JOB: Final = "wallet"
# The shortest the broker allows: a run of minutes sees many take-overs.
SESSION_S: Final = "3"
# So few that snapshots are taken, and taken over, all the time.
SNAPSHOT_RECORDS: Final = "300"
# Killed on purpose all the time, a worker must not be held back as one that fails by itself.
EAGER: Final = RestartPolicy(first_wait_s=0.5, longest_wait_s=2.0, healthy_after_s=5.0)
START_S: Final = 120.0


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the diary. `orphans`: partitions whose worker a fault ended or stopped."""

    at: float
    target: str
    what: str
    orphans: frozenset[int] = frozenset()


@dataclass(slots=True)
class Diary:
    """What was done, in order; several threads write."""

    began: float = field(default_factory=time.monotonic)
    entries: list[Entry] = field(default_factory=list)

    def note(self, target: str, what: str, orphans: frozenset[int] = frozenset()) -> None:
        """Write one line, with the time."""
        self.entries.append(Entry(time.monotonic(), target, what, orphans))

    def count(self, what: str) -> int:
        """Return how often something was noted."""
        return sum(entry.what == what for entry in self.entries)


KILLED: Final = "killed"
WOKEN: Final = "woken"


class Field:
    """A stack behind its proxy, with workers and sinks. `over` ends every wait of a fault."""

    def __init__(self, stack: Stack, bypass: Bypass) -> None:
        self.stack: Final = stack
        self.bypass: Final = bypass
        self.diary: Final = Diary()
        self.over: Final = threading.Event()
        self.turns: Final = {name: threading.Lock() for name in WORKERS}
        self.workers: dict[str, ManagedProcess] = {}
        self.sinks: dict[str, ManagedProcess] = {}

    def start(self) -> None:
        """Start proxy, topics, workers and sinks; return when every partition runs."""
        prepare(self.stack.endpoints.kafka, PARTITIONS)
        self.bypass.start(self.stack)
        offered = self.bypass.endpoints.env()
        env = {
            "LEDGER_KAFKA": offered["LEDGER_KAFKA"],
            "LEDGER_SESSION_TIMEOUT_S": SESSION_S,
            "LEDGER_SNAPSHOT_RECORDS": SNAPSHOT_RECORDS,
        }
        for name in WORKERS:
            self.workers[name] = start_worker(self.stack, name, env, EAGER)
        for store in SINKS:
            own = f"LEDGER_{store.upper()}"
            through = {"LEDGER_KAFKA": offered["LEDGER_KAFKA"], own: offered[own]}
            self.sinks[store] = start_sink(self.stack, store, through)
        wait_for("every partition to run", self.all_run, START_S)

    def state(self, worker: str) -> Path:
        """Return the folder in which a worker keeps its partitions."""
        return self.stack.layout.state / worker / JOB

    def database(self, worker: str, partition: int) -> Path:
        """Return the folder of one partition's rows at one worker."""
        return self.state(worker) / str(partition) / "rocksdb"

    def partitions_of(self, worker: str) -> dict[int, str]:
        """Return the partitions a living worker has, each with its state."""
        pid = self.workers[worker].report().pid
        status = status_of(self.stack, worker)
        if pid is None or status.get("pid") != pid or status.get("stopping"):
            return {}
        found = status.get("partitions", {})
        return {int(number): str(each.get("state")) for number, each in found.items()}

    def owners(self) -> dict[int, list[str]]:
        """Return who says to run each partition."""
        found: dict[int, list[str]] = {}
        for worker in self.workers:
            for number, state in self.partitions_of(worker).items():
                if state == "running":
                    found.setdefault(number, []).append(worker)
        return found

    def all_run(self) -> bool:
        """Whether every partition has exactly one worker that runs it."""
        owners = self.owners()
        return len(owners) == PARTITIONS and all(len(each) == 1 for each in owners.values())

    def halted(self) -> list[str]:
        """Return the halted partitions with the reason each worker gives."""
        return [
            f"{worker}, partition {file.parent.name}: {read_status(file)}"
            for worker in self.workers
            for file in self.state(worker).glob("*/halted.json")
        ]

    def pause(self, seconds: float) -> None:
        """Let a fault last; cut short when the run is over."""
        self.over.wait(seconds)

    # --- what faults do to workers

    def end(self, worker: str) -> None:
        """Kill a worker; it stays down until `begin`."""
        process = self.workers[worker]
        orphans = frozenset(self.partitions_of(worker))
        if process.kill() is not None:
            self.diary.note(worker, KILLED, orphans)
        process.stop()

    def begin(self, worker: str, wrapper: tuple[str, ...] = ()) -> None:
        """Start a worker that is down, once inside a wrapper; later starts are without it."""
        process = self.workers[worker]
        plain = process.launch
        process.launch = replace(plain, argv=(*wrapper, *plain.argv))
        process.start()
        process.launch = plain

    def heal(self) -> None:
        """Undo everything that is still wrong: what stands goes on, what is down comes up."""
        self.bypass.calm()
        for name in self.stack.config.services:
            self.stack.start(name)
        for process in (*self.workers.values(), *self.sinks.values()):
            process.start()
        self.diary.note("everything", "healed")
