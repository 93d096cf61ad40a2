"""A worker whose partitions only write down what they were handed: the host without the engine.

Run as a script: `echo_worker.py CONFIG.json WORKER`. The file `p<N>.log` stands in for Kafka's
log: one line per hand-over with its offsets and the positions after it, appended under a lock.
An owner whose positions are not the last ones has been replaced: the stand-in for fencing.
"""

from __future__ import annotations

import fcntl
import json
import queue
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from streams.runtime.errors import FencedError, GapError
from streams.runtime.host.exits import leave
from streams.runtime.host.faust_app import Membership
from streams.runtime.host.logs import log_to_stderr
from streams.runtime.host.worker import Surroundings, run
from streams.runtime.ports import HandOver, Host, Ticket

PENDING = 2


class EchoRunner:
    def __init__(self, partition: int, host: Host, inputs: list[str], folder: Path, worker: str):
        self.partition, self.host, self.inputs, self.worker = partition, host, inputs, worker
        self.path = folder / f"p{partition}.log"
        self.halt = folder / f"halt-{partition}"
        self.slow = folder / f"slow-{partition}"
        self.again = folder / f"again-{partition}"
        self.ticket, self.dropped = Ticket(0, 0), 0
        self.mailbox: queue.Queue[HandOver | None] = queue.Queue()
        self.state, self.taken, self.ended = "recovering", 0, False
        self.positions: dict[str, int] = {}

    def begin(self, epoch: int, generation: int) -> None:
        with self.locked() as file:
            self.positions = last_positions(file) or dict.fromkeys(self.inputs, 0)
            append(file, {"owner": self.worker, "epoch": epoch, "generation": generation})
        self.ticket = Ticket(epoch, 1)
        self.host.ready(self.partition, self.ticket, self.positions)
        self.state = "running"
        while (hand_over := self.mailbox.get()) is not None:
            self.host.room(self.partition)
            if hand_over.ticket != self.ticket:
                self.dropped += 1
            elif self.again.exists():
                self.recover_in_place()
            else:
                self.take(hand_over)
        self.ended = True

    def recover_in_place(self) -> None:
        """Drop what was handed over; seek back as soon as a heartbeat confirms the generation."""
        since = time.monotonic()
        while not self.host.generation_confirmed(self.ticket.epoch, since):
            time.sleep(0.01)
        self.again.unlink()
        self.ticket = Ticket(self.ticket.epoch, self.ticket.recovery + 1)
        self.host.ready(self.partition, self.ticket, self.positions)

    def take(self, hand_over: HandOver) -> None:
        while self.halt.exists() and not self.ended:
            self.state = "halted"
            time.sleep(0.02)
            if not self.mailbox.empty() and self.mailbox.queue[-1] is None:
                return
        if self.slow.exists():
            time.sleep(0.2)
        self.state = "running"
        if hand_over.before != self.positions[hand_over.topic]:
            raise GapError(f"{hand_over.topic}: {hand_over.before} is not {self.positions}")
        with self.locked() as file:
            if (last_positions(file) or dict.fromkeys(self.inputs, 0)) != self.positions:
                raise FencedError("another owner has gone on")
            self.positions = {**self.positions, hand_over.topic: hand_over.after}
            append(
                file,
                {
                    "worker": self.worker,
                    "topic": hand_over.topic,
                    "before": hand_over.before,
                    "offsets": [record.offset for record in hand_over.records],
                    "untimed": hand_over.untimed,
                    "at": time.time(),
                    "positions": self.positions,
                },
            )
        self.taken += len(hand_over.records)

    def has_room(self, topic: str) -> bool:
        return self.mailbox.qsize() < PENDING

    def offer(self, hand_over: HandOver) -> None:
        self.mailbox.put(hand_over)

    def request_revoke(self) -> None:
        self.mailbox.put(None)

    def revoke(self, deadline_s: float) -> bool:
        self.request_revoke()
        end = time.monotonic() + deadline_s
        while not self.ended and time.monotonic() < end:
            time.sleep(0.002)
        return self.ended

    def status(self) -> Mapping[str, object]:
        return {
            "state": self.state,
            "positions": self.positions,
            "taken": self.taken,
            "recovery": self.ticket.recovery,
            "dropped": self.dropped,
        }

    @contextmanager
    def locked(self) -> Iterator[IO[bytes]]:
        with self.path.open("a+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield file


def append(file: IO[bytes], line: Mapping[str, Any]) -> None:
    file.write(json.dumps(line).encode() + b"\n")
    file.flush()


def last_positions(file: IO[bytes]) -> dict[str, int] | None:
    end = file.seek(0, 2)
    file.seek(max(0, end - 200_000))
    for line in reversed(file.read().splitlines()):
        if b'"positions"' in line:
            positions: dict[str, int] = json.loads(line)["positions"]
            return positions
    return None


def main(config: Mapping[str, Any], worker: str) -> int:
    log_to_stderr()
    folder = Path(config["folder"])
    inputs: list[str] = config["inputs"]
    member = Membership(
        config["kafka"], config["group"], worker, config["session_s"], inputs, folder / worker
    )
    around = Surroundings(
        check_cluster=lambda: 0,
        make_runner=lambda _: lambda p, host: EchoRunner(p, host, inputs, folder, worker),
        entry_delay_s=lambda: 0.0,
        leave=leave,
        who={"worker": worker},
        wall_us=lambda: int(time.time() * 1e6),
    )
    return run(member, around)


if __name__ == "__main__":
    sys.exit(main(json.loads(Path(sys.argv[1]).read_text()), sys.argv[2]))
