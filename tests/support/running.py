"""A running ledger for tests: stack, topics, two workers, three sinks, and a client at its door.

Owns: starting and stopping these, wallets of one's own, waiting for outcomes, `quiesce`, `compare`.
Never: sleeps for a while and hopes: every wait has a condition, a deadline and a name.

Topic names are fixed, so there is one ledger per stack. Tests share it; each takes new wallets.
"""

import signal
import sys
import time
from contextlib import contextmanager
from dataclasses import replace

from confluent_kafka import IsolationLevel, KafkaException, TopicPartition
from confluent_kafka.admin import AdminClient, OffsetSpec

from ops.audit.stores import sequences_of
from ops.checker.apart import check_apart
from ops.checker.recoveries import CRASHES
from ops.checker.targets import Targets, Told
from ops.reading import read_topic
from ops.rig import start_sink, start_worker, status_of, wait_for
from ops.stack import ports
from ops.stack.workers import SINKS
from ops.topic_setup import prepare
from schemas.messages.vocabulary import InputTopic
from tests.support.customers import ANSWER_S, PARTITIONS, Customers
from tests.support.stack import running_stack
from tests.support.witness import Witness
from topics.catalog import COMMANDS, CONTROL, EVENTS

WORKERS = ("worker-1", "worker-2")
SESSION_S = "3"
SNAPSHOT_RECORDS = "300"
# A worker that was fenced twice in a minute waits up to a minute before it enters again.
START_S = 150.0
QUIET_S = 150.0
# A timer may fire while stores are read; then everything is read again.
COMPARE_ATTEMPTS = 5


class RunningLedger(Customers):
    """One ledger on one stack."""

    def __init__(self, stack, workers=WORKERS, env=None, sinks=SINKS):
        self.stack = stack
        self.kafka = stack.endpoints.kafka
        prepare(self.kafka, PARTITIONS)
        given = {
            "LEDGER_SESSION_TIMEOUT_S": SESSION_S,
            "LEDGER_SNAPSHOT_RECORDS": SNAPSHOT_RECORDS,
            **(env or {}),
        }
        names = (*workers, *sinks)
        self.eyes = ports.settle(stack.layout.root / "metrics.json", names, {})
        at = {name: {"LEDGER_METRICS": str(port)} for name, port in self.eyes.items()}
        self.workers = {name: start_worker(stack, name, {**given, **at[name]}) for name in workers}
        self.sinks = {kind: start_sink(stack, kind, at[kind]) for kind in sinks}
        self.witness = Witness(self.kafka)
        self._compared = {}  # the sequences of the last comparison
        self._admin = admin_of(self.kafka)
        self._connect()
        self.wait_running(*self.workers)

    # --- processes

    def status(self, name):
        """What a living worker says of itself; empty while its file is that of a dead one."""
        report = self.workers[name].report()
        status = status_of(self.stack, name)
        living = report.pid is not None and status.get("pid") == report.pid
        return status if living and not status.get("stopping") else {}

    def running(self, name, since_us=0):
        """The partitions a living worker runs, as it said after `since_us`."""
        status = self.status(name)
        partitions = status["partitions"] if status.get("at_us", 0) > since_us else {}
        return {int(n) for n, each in partitions.items() if each.get("state") == "running"}

    def owners(self):
        """Partition -> workers that say they run it."""
        found = {}
        for name in self.workers:
            for number in self.running(name):
                found.setdefault(number, []).append(name)
        return found

    def shared_by(self, *workers):
        """Whether exactly these workers share all partitions."""
        names = {name for names in self.owners().values() for name in names}
        return self._owned() and names == set(workers)

    def wait_running(self, *workers, deadline_s=START_S):
        """Wait until exactly these workers share all partitions."""
        began = time.monotonic()
        what = f"{', '.join(workers)} to run all {PARTITIONS} partitions"
        self.wait_for(what, lambda: self.shared_by(*workers), deadline_s)
        say(f"{', '.join(workers)} run", time.monotonic() - began)

    def wait_for(self, what, condition, deadline_s=ANSWER_S):
        """Wait; a process that was given up ends the wait at once, with its last words."""

        def checked():
            for name, process in {**self.workers, **self.sinks}.items():
                if process.report().state == "failed":
                    raise AssertionError(f"{name} ended while waiting for {what}\n{self.log(name)}")
            return condition()

        try:
            wait_for(what, checked, deadline_s)
        except TimeoutError as error:
            logs = "\n".join(f"--- {name}\n{self.log(name)}" for name in self.workers)
            raise AssertionError(f"{error}\n{self.troubles()}\n{logs}") from None

    def troubles(self):
        """What the living workers say of partitions that do not run."""
        return [
            f"{name}, partition {number}: {each.get('state')}, {each.get('trouble')}"
            for name in self.workers
            for number, each in self.status(name).get("partitions", {}).items()
            if each.get("state") != "running"
        ]

    def log(self, name, lines=15):
        return "\n".join(self.text(name).splitlines()[-lines:])

    def last_words(self, name, limit=10_000):
        """What a crash of compiled code left in the log: the stacks of all threads."""
        text = self.text(name)
        at = text.rfind("Fatal Python error")
        return text[max(0, at - 1_000) :][:limit] if at >= 0 else self.log(name)

    def text(self, name):
        """All that a process has logged."""
        path = self.stack.layout.log(name)
        return path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""

    def rearm(self, name, **env):
        """Restart a process with more environment once; its next restart is without it."""
        process = self.process(name)
        calm = process.launch
        process.stop()
        process.launch = replace(calm, env={**calm.env, **env})
        process.start()
        process.launch = calm

    def process(self, name):
        return self.workers.get(name) or self.sinks[name]

    def kill(self, *names):
        """End processes without warning, all at once; return when others have their place."""
        since = {name: self.process(name).report().restarts for name in names}
        for name in names:
            self.process(name).kill(signal.SIGKILL)
        for name, restarts in since.items():
            assert self.ends_by_itself(name, restarts) == -signal.SIGKILL

    def ends_by_itself(self, name, since, deadline_s=ANSWER_S):
        """Wait for the end of a process started `since` restarts; return its exit code."""
        process = self.process(name)
        what = f"{name} to end"
        self.wait_for(what, lambda: process.report().restarts > since, deadline_s)
        return process.report().exit_code

    def close(self):
        self._disconnect()
        self.witness.close()
        for process in (*self.workers.values(), *self.sinks.values()):
            process.stop()

    # --- rest and comparison

    def ends(self, topic):
        """End offset of each partition; a broker that has just come back is asked again."""
        found = {}

        def answered():
            try:
                found.update(self._ends(topic))
            except KafkaException:
                self._admin = admin_of(self.kafka)  # the old one knows leaders that are gone
                return False
            return True

        self.wait_for(f"the end offsets of {topic}", answered)
        return found

    def _ends(self, topic):
        places = {
            TopicPartition(topic, number): OffsetSpec.latest() for number in range(PARTITIONS)
        }
        asked = self._admin.list_offsets(
            places, isolation_level=IsolationLevel.READ_COMMITTED, request_timeout=10
        )
        return {place.partition: future.result(10).offset for place, future in asked.items()}

    def catch_up(self):
        """Follow the log up to its present end."""
        self.witness.catch_up(self.ends(EVENTS.name))

    def quiesce(self, deadline_s=QUIET_S):
        """Wait: every input decided, no money on its way, every sink at the log's last sequence."""
        began = time.monotonic()
        self.saw("every command to be decided", self._decided, deadline_s)
        self.saw("every transfer to end", self._settled, deadline_s)
        self.wait_for("every partition to have its worker", self._owned, deadline_s)
        self.catch_up()
        for name in self.sinks:
            self.wait_for(
                f"{name} to be level with the log", lambda n=name: self._level(n), deadline_s
            )
        say("at rest", time.monotonic() - began)

    def differences(self):
        """Everything checked against everything; one line a difference."""
        for _ in range(COMPARE_ATTEMPTS):
            self.quiesce()
            before, began = dict(self.witness.sequences), time.monotonic()
            report = check_apart(self.targets(), Told(results=self.heard(), exits=self.exits()))
            self.catch_up()
            say(f"checked {report.decisions} Decisions", time.monotonic() - began)
            if before == self.witness.sequences:
                return [str(each) for each in report.findings]
        raise AssertionError("the log never stood still while it was checked")

    def compare(self):
        """Fail with every difference there is."""
        found = self.differences()
        crashed = [name for name, codes in self.exits().items() if CRASHES.intersection(codes)]
        assert not found, "\n".join([*found, *map(self.last_words, crashed)])
        self._compared = dict(self.witness.sequences)

    def compared(self):
        """Whether nothing was decided since the last comparison."""
        self.catch_up()
        return self.witness.sequences == self._compared

    def exits(self):
        """How each process ended, every time."""
        everybody = (*self.workers.values(), *self.sinks.values())
        return {each.name: each.report().exits for each in everybody}

    def targets(self):
        """Where everything of this ledger lies; each partition has its one owner."""
        ends, state = self.stack.endpoints, self.stack.layout.state
        return Targets(
            kafka=ends.kafka,
            postgres=ends.postgres,
            cassandra=ends.cassandra,
            redis=ends.redis,
            state={
                partition: state / name / "wallet" / str(partition) / "rocksdb"
                for partition, (name,) in self.owners().items()
            },
        )

    def _decided(self):
        if self._undecided(InputTopic.COMMANDS, self.ends(COMMANDS.name)):
            return False
        if not self._undecided(InputTopic.CONTROL, self.ends(CONTROL.name)):
            return True
        # The risk job's transactions end in markers, which nobody decides.
        last = {each.partition: each.offset + 1 for each in read_topic(self.kafka, CONTROL.name)}
        return not self._undecided(InputTopic.CONTROL, last)

    def _undecided(self, kind, ends):
        covered = self.witness.totals.covered
        return any(covered.get((each, kind), 0) < end for each, end in ends.items())

    def _settled(self):
        return not self.witness.totals.open_transfers and not self.witness.in_transit()

    def _owned(self):
        found = self.owners()
        return len(found) == PARTITIONS and all(len(names) == 1 for names in found.values())

    def _level(self, name):
        self.witness.take()
        at = sequences_of(name, self.stack.endpoints)
        return all(at.get(number, 0) == last for number, last in self.witness.sequences.items())


def admin_of(kafka):
    return AdminClient({"bootstrap.servers": kafka, "log_level": 0})


def say(what, seconds):
    sys.stderr.write(f"[ledger] {what} after {seconds:.1f} s\n")


@contextmanager
def running_ledger(workers=WORKERS, env=None):
    """A ledger on a stack of its own."""
    with running_stack() as stack:
        ledger = RunningLedger(stack, workers, env)
        try:
            yield ledger
        finally:
            ledger.close()
