"""Herd: echo workers of one test, the load they get, and what they wrote down.

Owns: every process a test of the host starts; all of them are dead when the test is over.
Never: sleeps; conditions have deadlines.
"""

from __future__ import annotations

import itertools
import json
import os
import signal
import subprocess
import sys
import threading
import uuid
from collections import Counter
from pathlib import Path

from confluent_kafka import Producer
from confluent_kafka.admin import AdminClient, NewTopic

from ops.stack.workers import HOME
from tests.support.stack import wait_until

PARTITIONS = 4
SESSION_S = 3.0
STOP_DEADLINE_S = 12
SCRIPT = Path(__file__).with_name("echo_worker.py")


class Herd:
    def __init__(self, kafka, folder, session_s=SESSION_S):
        self.kafka, self.folder = kafka, folder
        self.name = f"herd-{uuid.uuid4().hex[:8]}"
        self.inputs = [f"{self.name}.{kind}" for kind in ("legs", "control", "commands")]
        self.workers = {}
        self.session_s = session_s

    def __enter__(self):
        create_topics(self.kafka, dict.fromkeys(self.inputs, PARTITIONS))
        config = {
            "kafka": self.kafka,
            "group": self.name,
            "session_s": self.session_s,
            "inputs": self.inputs,
            "folder": str(self.folder),
        }
        (self.folder / "config.json").write_text(json.dumps(config))
        return self

    def __exit__(self, *_):
        for process in self.workers.values():
            if process.poll() is None:
                process.kill()
            process.wait()

    def start(self, name):
        log = (self.folder / f"{name}.out").open("ab")
        self.workers[name] = subprocess.Popen(
            (sys.executable, str(SCRIPT), str(self.folder / "config.json"), name),
            cwd=HOME,
            env={**os.environ, "PYTHONPATH": str(HOME)},
            stdout=log,
            stderr=log,
        )
        log.close()

    def revive(self, code):
        """Start again whoever ended with this code, as a supervisor would."""
        for name, process in tuple(self.workers.items()):
            if process.poll() == code:
                self.start(name)

    def send(self, name, number):
        self.workers[name].send_signal(number)

    def end(self, name, number=signal.SIGTERM):
        """Signal a worker and return its exit code."""
        self.send(name, number)
        return self.workers[name].wait(STOP_DEADLINE_S)

    def log(self, name):
        return (self.folder / f"{name}.out").read_text()

    def status(self, name):
        path = self.folder / name / "status.json"
        return json.loads(path.read_text()) if path.exists() else {}

    def until_ready(self, share):
        """Wait until the workers have these numbers of partitions, all running."""

        def settled():
            statuses = {name: self.status(name) for name in share}
            return all(
                status.get("ready") and len(status["partitions"]) == share[name]
                for name, status in statuses.items()
            )

        wait_until(settled)

    def lines(self, partition):
        path = self.folder / f"p{partition}.log"
        return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []

    def taken(self):
        """Return how often each record was taken, after proving that no hand-over left a gap."""
        counted = Counter()
        for partition in range(PARTITIONS):
            positions = dict.fromkeys(self.inputs, 0)
            for line in self.lines(partition):
                if "owner" in line:
                    continue
                topic = line["topic"]
                assert line["before"] == positions[topic]
                assert line["untimed"] is None
                positions = line["positions"]
                counted.update((topic, partition, offset) for offset in line["offsets"])
        return counted

    def until_all_taken(self, sent):
        wait_until(lambda: len(self.taken()) >= len(sent))
        taken = self.taken()
        assert set(taken) == sent
        assert set(taken.values()) == {1}

    def owners(self, partition):
        return [line["owner"] for line in self.lines(partition) if "owner" in line]

    def longest_pause_s(self, partition):
        """Return the longest time without a hand-over, and between which workers it was."""
        taken = [line for line in self.lines(partition) if "at" in line]
        pauses = [
            (after["at"] - before["at"], before["worker"], after["worker"])
            for before, after in itertools.pairwise(taken)
        ]
        return max(pauses, default=(0.0, "", ""))


class Load:
    """Commands as they come; legs in transactions, a third of them aborted."""

    def __init__(self, herd, per_turn=20, turn_s=0.01, legs=True):
        self.sent = set()
        self._herd, self._per_turn, self._turn_s = herd, per_turn, turn_s
        self._legs = legs
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._stop.set()
        self._thread.join()

    def end(self):
        """Stop sending; return the records that were committed."""
        self.__exit__()
        return self.sent

    def _run(self):
        settings = {"bootstrap.servers": self._herd.kafka, "linger.ms": 2, "log_level": 0}
        plain = Producer({**settings, "enable.idempotence": True})
        legs = None
        if self._legs:
            legs = Producer({**settings, "transactional.id": f"{self._herd.name}-legs"})
            legs.init_transactions()
        turn = 0
        while not self._stop.wait(self._turn_s):
            turn += 1
            self._send_commands(plain, turn)
            if legs is not None:
                self._send_legs(legs, turn)
        assert plain.flush(60) == 0

    def _send_commands(self, plain, turn):
        topic = self._herd.inputs[-1]
        for number in range(self._per_turn):
            plain.produce(topic, b"%d" % turn, partition=number % PARTITIONS, callback=self._note)
        plain.poll(0)

    def _send_legs(self, legs, turn):
        delivered = []
        legs.begin_transaction()
        for number in range(PARTITIONS):
            legs.produce(
                self._herd.inputs[0],
                b"leg",
                partition=number,
                callback=lambda error, message: delivered.append((error, message)),
            )
        legs.flush()
        if turn % 3 == 0:
            legs.abort_transaction()
            return
        legs.commit_transaction()
        for error, message in delivered:
            self._note(error, message)

    def _note(self, error, message):
        assert error is None, error
        self.sent.add((message.topic(), message.partition(), message.offset()))


def create_topics(kafka, counts, config=None):
    config = {"message.timestamp.type": "LogAppendTime"} if config is None else config
    admin = AdminClient({"bootstrap.servers": kafka})
    topics = [NewTopic(name, count, 1, config=config) for name, count in counts.items()]
    for made in admin.create_topics(topics).values():
        made.result()
