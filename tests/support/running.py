"""A running ledger for tests: stack, topics, two workers, three sinks, and a client at its door.

Owns: starting and stopping these, wallets of one's own, waiting for outcomes, `quiesce`, `compare`.
Never: sleeps for a while and hopes: every wait has a condition, a deadline and a name.

Topic names are fixed, so there is one ledger per stack. Tests share it; each takes new wallets.
"""

import itertools
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass, replace

from confluent_kafka import IsolationLevel, Producer, TopicPartition
from confluent_kafka.admin import AdminClient, OffsetSpec

from ingress.sdk import (
    LedgerProducer,
    OpenWallet,
    Result,
    ResultReader,
    Stage,
    Tier,
    TopUp,
    WalletKind,
    stamp,
)
from ops.rig import start_sink, start_worker, status_of, wait_for
from ops.stack.workers import SINKS
from ops.topic_setup import prepare
from schemas.codec import encode
from schemas.messages.control import Control
from schemas.messages.vocabulary import FeeFlow, InputTopic
from streams.wallet.genesis import genesis_policy
from tests.support import comparison
from tests.support.stack import running_stack
from tests.support.stores import digests_of, sequences_of
from tests.support.topics_read import TopicsReader
from tests.support.witness import Witness
from topics.catalog import COMMANDS, CONTROL, EVENTS
from topics.partitioning import partition_of

PARTITIONS = 8
WORKERS = ("worker-1", "worker-2")
SESSION_S = "3"
START_S = 60.0
ANSWER_S = 30.0
QUIET_S = 90.0
# A timer may fire while stores are read; then everything is read again.
COMPARE_ATTEMPTS = 5

_NUMBERS = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Sent:
    wallet_id: str
    command_id: str


class RunningLedger:
    """One ledger on one stack."""

    def __init__(self, stack, workers=WORKERS, env=None):
        self.stack = stack
        self.kafka = stack.endpoints.kafka
        prepare(self.kafka, PARTITIONS)
        given = {"LEDGER_SESSION_TIMEOUT_S": SESSION_S, **(env or {})}
        self.workers = {name: start_worker(stack, name, given) for name in workers}
        self.sinks = {kind: start_sink(stack, kind) for kind in SINKS}
        self.witness = Witness(self.kafka)
        self.topics = TopicsReader(self.kafka, PARTITIONS)
        self._admin = AdminClient({"bootstrap.servers": self.kafka, "log_level": 0})
        self._producer = LedgerProducer(self.kafka)
        self._raw = Producer(
            {
                "bootstrap.servers": self.kafka,
                "linger.ms": 0,
                "log_level": 0,
                "message.max.bytes": 2_000_000,  # the broker's limit counts, not this client's
            }
        )
        self._reader = ResultReader(self.kafka)
        self._seen: dict[Sent, list[Result]] = {}
        self.wait_running(*self.workers)

    # --- processes

    def status(self, name):
        """What a living worker says of itself; empty while its file is that of a dead one."""
        report = self.workers[name].report()
        status = status_of(self.stack, name)
        living = report.pid is not None and status.get("pid") == report.pid
        return status if living and not status.get("stopping") else {}

    def running(self, name):
        """The partitions a living worker runs."""
        partitions = self.status(name).get("partitions", {})
        return {int(n) for n, each in partitions.items() if each.get("state") == "running"}

    def owners(self):
        """Partition -> workers that say they run it."""
        found = {}
        for name in self.workers:
            for number in self.running(name):
                found.setdefault(number, []).append(name)
        return found

    def wait_running(self, *workers, deadline_s=START_S):
        """Wait until exactly these workers share all partitions."""

        def shared():
            found = self.owners()
            names = {name for names in found.values() for name in names}
            single = all(len(names) == 1 for names in found.values())
            return len(found) == PARTITIONS and single and names == set(workers)

        began = time.monotonic()
        what = f"{', '.join(workers)} to run all {PARTITIONS} partitions"
        self.wait_for(what, shared, deadline_s)
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
            raise AssertionError(f"{error}; owners {self.owners()}\n{logs}") from None

    def log(self, name, lines=15):
        path = self.stack.layout.log(name)
        text = path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""
        return "\n".join(text.splitlines()[-lines:])

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

    def ends_by_itself(self, name, since, deadline_s=ANSWER_S):
        """Wait for the end of a process started `since` restarts; return its exit code."""
        process = self.process(name)
        what = f"{name} to end"
        self.wait_for(what, lambda: process.report().restarts > since, deadline_s)
        return process.report().exit_code

    def close(self):
        self._producer.close()
        self._reader.close()
        self.topics.close()
        self.witness.close()
        for process in (*self.workers.values(), *self.sinks.values()):
            process.stop()

    # --- wallets

    def wallet_id(self, partition=None):
        """A wallet id nobody used, living on the partition if one is given."""
        for number in _NUMBERS:
            wallet_id = f"w-{number}"
            if partition in (None, partition_of(wallet_id, PARTITIONS)):
                return wallet_id
        raise AssertionError

    def partition_of(self, wallet_id):
        return partition_of(wallet_id, PARTITIONS)

    def open(self, *, partition=None, fund=0, tier=Tier.PREMIUM, currencies=("EUR",)):
        """Open a wallet and put `fund` minor units of its first currency into it."""
        wallet_id = self.wallet_id(partition)
        opened = self.ask(wallet_id, OpenWallet(WalletKind.CUSTOMER, tier, currencies))
        assert opened.outcome == "ACCEPTED", opened
        if fund:
            gross = gross_for(fund)
            funded = self.ask(wallet_id, TopUp(currencies[0], gross, "card", f"ref-{wallet_id}"))
            assert funded.outcome == "ACCEPTED", funded
        return wallet_id

    def balances(self, wallet_id):
        """{account: minor units} of the wallet, owed to it positive, zeros left out."""
        self.catch_up()
        view = self.witness.view(self.partition_of(wallet_id))
        row = view.wallets.get(wallet_id)
        assert row is not None, f"{wallet_id} was never opened"
        return {each.account: -each.minor for each in row.balances if each.minor}

    # --- commands

    def send(self, wallet_id, body, *, command_id=None, issued_at_us=None):
        """Send with the SDK; wait until it is delivered."""
        command = stamp(wallet_id, body, command_id=command_id, issued_at_us=issued_at_us)
        sent = Sent(wallet_id, command.command_id)
        self._expect(sent)
        self._producer.send_command(command).result(ANSWER_S)
        return sent

    def final(self, sent, deadline_s=ANSWER_S):
        """The FINAL result of a command sent."""
        return self._result(sent, Stage.FINAL, deadline_s)

    def pending(self, sent, deadline_s=ANSWER_S):
        return self._result(sent, Stage.PENDING, deadline_s)

    def ask(self, wallet_id, body, **options):
        """Send a command and wait for its FINAL result."""
        return self.final(self.send(wallet_id, body, **options))

    def put(self, value, *, key, partition, topic=COMMANDS.name):
        """Put bytes on a topic as no SDK would; return the offset."""
        delivered = []
        self._raw.produce(
            topic, value, key, partition, on_delivery=lambda *given: delivered.append(given)
        )
        assert self._raw.flush(ANSWER_S) == 0, "the broker took no record"
        error, message = delivered[0]
        assert error is None, error
        return message.offset()

    def put_command(self, command, *, key=None, partition=None):
        """Put a command on the topic past the SDK's checks; return (partition, offset)."""
        place = self.partition_of(command.wallet_id) if partition is None else partition
        key = command.wallet_id.encode() if key is None else key
        return place, self.put(encode(command), key=key, partition=place)

    def decision_on(self, partition, offset, kind=InputTopic.COMMANDS):
        """The Decision that answers an input record."""

        def answered():
            self.witness.take()
            return offset in self.witness.answered[kind, partition]

        self.wait_for(f"a Decision on {kind}[{partition}] offset {offset}", answered)
        for decision in reversed(self.witness.decisions[partition]):
            source = decision.source
            if getattr(source, "topic", None) is kind and source.offset == offset:
                return decision
        raise AssertionError

    def activate(self, *bodies):
        """Put control records on every partition; wait until each was decided."""
        for body in bodies:
            for partition in range(PARTITIONS):
                control_id = f"ctl-{next(_NUMBERS)}"
                record = Control(control_id, time.time_ns() // 1_000, "tests", body)
                key = str(partition).encode()
                at = self.put(encode(record), key=key, partition=partition, topic=CONTROL.name)
                decision = self.decision_on(partition, at, InputTopic.CONTROL)
                assert decision.outcome == "ACCEPTED", decision

    def letter_on(self, partition, offset, topic=COMMANDS.name):
        """The dead letter that holds an input record."""
        place = (topic, partition, offset)
        self.wait_for(
            f"a dead letter of {place}", lambda: self.topics.take() or place in self.topics.letters
        )
        return self.topics.letters[place]

    def saw(self, what, condition, deadline_s=ANSWER_S):
        """Follow the log until the condition holds."""

        def looked():
            self.witness.take()
            return condition()

        self.wait_for(what, looked, deadline_s)

    def _expect(self, sent):
        self._seen[sent] = []
        self._reader.expect(sent.wallet_id, sent.command_id)

    def _result(self, sent, stage, deadline_s):
        def of_stage():
            found = self._seen[sent]
            chosen = [result for result in found if result.stage is stage]
            if not chosen and stage is Stage.PENDING:
                assert not found, f"final without having been pending: {found}"
            return chosen

        def came():
            for result in self._reader.poll(0.02):
                self._seen.setdefault(Sent(result.wallet_id, result.command_id), []).append(result)
            return of_stage()

        if not of_stage():
            self.wait_for(f"the {stage.name} result of {sent}", came, deadline_s)
        return of_stage()[0]

    # --- rest and comparison

    def ends(self, topic, isolation=IsolationLevel.READ_COMMITTED):
        """End offset of each partition."""
        places = {
            TopicPartition(topic, number): OffsetSpec.latest() for number in range(PARTITIONS)
        }
        asked = self._admin.list_offsets(places, isolation_level=isolation, request_timeout=10)
        return {place.partition: future.result(10).offset for place, future in asked.items()}

    def catch_up(self):
        """Follow the log up to its present end."""
        self.witness.catch_up(self.ends(EVENTS.name))

    def quiesce(self, deadline_s=QUIET_S):
        """Wait: every input decided, no money on its way, every sink at the log's last sequence."""
        began = time.monotonic()
        self.saw("every command to be decided", self._decided, deadline_s)
        self.saw("every transfer to end", self._settled, deadline_s)
        self.catch_up()
        for name in self.sinks:
            self.wait_for(
                f"{name} to be level with the log", lambda n=name: self._level(n), deadline_s
            )
        say("at rest", time.monotonic() - began)

    def differences(self):
        """Everything compared with the log; one line a difference."""
        for _ in range(COMPARE_ATTEMPTS):
            self.quiesce()
            before, began = dict(self.witness.sequences), time.monotonic()
            found = self._compared()
            self.catch_up()
            say(f"compared {sum(before.values())} Decisions", time.monotonic() - began)
            if before == self.witness.sequences:
                return found
        raise AssertionError("the log never stood still while the stores were read")

    def compare(self):
        """Fail with every difference there is."""
        found = self.differences()
        assert not found, "\n".join(found)

    def _compared(self):
        witness, topics = self.witness, self.topics
        ends = {place: self.ends(place) for place in {name for name, _ in topics.reached}}
        self.wait_for(
            "every topic to be read",
            lambda: (
                topics.take()
                or all(topics.reached[name, n] >= ends[name][n] for name, n in topics.reached)
            ),
        )
        found = comparison.log_differences(witness)
        found += comparison.input_differences(witness, topics)
        found += comparison.output_differences(witness, topics)
        found += self._state_differences()
        stores = {name: digests_of(name, self.stack.endpoints, PARTITIONS) for name in self.sinks}
        return found + comparison.store_differences(witness, stores)

    def _state_differences(self):
        owners = self.owners()
        found = []
        for partition in range(PARTITIONS):
            names = owners.get(partition, [])
            if len(names) != 1:
                found.append(f"partition {partition} is run by {names or 'nobody'}")
                continue
            folder = self.stack.layout.state / names[0] / "wallet" / str(partition) / "rocksdb"
            found += comparison.state_differences_of(self.witness, partition, folder)
        return found

    def _decided(self):
        covered = self.witness.totals.covered
        return all(
            covered.get((partition, kind), 0) >= end
            for kind, topic in ((InputTopic.COMMANDS, COMMANDS), (InputTopic.CONTROL, CONTROL))
            for partition, end in self.ends(topic.name).items()
        )

    def _settled(self):
        return not self.witness.totals.open_transfers and not self.witness.in_transit()

    def _level(self, name):
        self.witness.take()
        at = sequences_of(name, self.stack.endpoints)
        return all(at.get(number, 0) == last for number, last in self.witness.sequences.items())


def say(what, seconds):
    sys.stderr.write(f"[ledger] {what} after {seconds:.1f} s\n")


def fee_of(flow, amount):
    """The fee the genesis policy takes of a movement."""
    for rule in genesis_policy().fees:
        if rule.flow is flow:
            return max(rule.minimum_minor, amount * rule.basis_points // 10_000)
    return 0


def gross_for(net):
    """The card top-up that leaves `net` after its fee."""
    return next(gross for gross in itertools.count(net) if net_of(gross) >= net)


def net_of(gross):
    return gross - fee_of(FeeFlow.TOPUP_CARD, gross)


@contextmanager
def running_ledger(workers=WORKERS, env=None):
    """A ledger on a stack of its own."""
    with running_stack() as stack:
        ledger = RunningLedger(stack, workers, env)
        try:
            yield ledger
        finally:
            ledger.close()
