"""Reconciliation in tests: both jobs over logs in memory, in any batching, with crashes.

Owns: `Follower`, a job of one partition on its changelog, and `Reconciliation`, all of them with
the topics between.
Never: a check.
"""

from random import Random

from ledger.sealing import CHAIN_START, chain_after
from schemas.codec import decode, encode
from schemas.messages.decisions import Seal
from schemas.messages.recon import (
    BreakClosed,
    BreakOpened,
    CutProved,
    CutReached,
    ReconEvent,
)
from streams.reconciliation.internal.facts_job import FactsJob
from streams.reconciliation.internal.match_job import MatchJob
from streams.runtime.changelog import ChangelogJob
from streams.runtime.fakes_local import FakeDisk
from streams.runtime.job import InputRecord, LogRecord
from streams.runtime.overlay import OverlayState
from tests.support.checked import copied
from topics.catalog import EVENTS, RECON_EVENTS, RECON_FACTS

NEVER_LATE = 2**62


class Follower:
    """A job of one partition: its input so far, its changelog, its store."""

    def __init__(self, job, partition):
        self.job = ChangelogJob(job)
        self.topic = job.inputs[0].name
        self.partition = partition
        self.position = 0
        self.log = []
        self._bind()

    def _bind(self):
        self.disk = FakeDisk()
        self.overlay = OverlayState(self.job.tables, self.disk.open())
        self.steps = self.job.open(self.overlay, self.partition)

    def take(self, records, size, until=None):
        """One group: the next records, timers before each; its outputs."""
        outcomes = []
        for record in records[self.position : self.position + size]:
            outcomes += self._fired(record.append_time)
            outcomes.append(self.steps.step(record))
            self.position += 1
        if until is not None:
            outcomes += self._fired(until)
        group = self.steps.seal(outcomes, {self.topic: self.position})
        self._keep(group.log)
        self.overlay.fold()
        self.overlay.flush(b"applied")
        return self._apart(group.outputs)

    def torn(self, records, size):
        """A group that is never committed."""
        for record in records[self.position : self.position + size]:
            self._fired(record.append_time)
            self.steps.step(record)
        self.overlay.rollback()

    def recovered(self, closed):
        """Begin anew from the changelog alone; what is sent again."""
        if not closed and self.log:
            self.log.pop()  # the closing record did not become visible
        self._bind()
        for record in self.log:
            done = self.steps.replay(record)
            if done is not None:
                self.overlay.fold()
                self.overlay.flush(b"applied")
                self.position = done.positions[self.topic]
        return self._apart(self.steps.resend(None))

    def _fired(self, until):
        fired = []
        while (outcome := self.steps.fire(until)) is not None:
            fired.append(outcome)
        return fired

    def _keep(self, records):
        for each in records:
            self.log.append(LogRecord(each.key, each.value, each.headers, len(self.log)))

    def _apart(self, outputs):
        """Outputs for other topics; the closing record goes to the changelog."""
        own = [each for each in outputs if each.topic == self.job.log.name]
        self._keep([LogRecord(each.key, each.value) for each in own])
        return [each for each in outputs if each.topic != self.job.log.name]


class Reconciliation:
    """Both jobs for so many partitions."""

    def __init__(self, partitions, late_us=NEVER_LATE):
        self.facts = [Follower(FactsJob(partitions, late_us), each) for each in range(partitions)]
        self.matches = [Follower(MatchJob(partitions), each) for each in range(partitions)]
        self.said = [[] for _ in range(partitions)]  # recon.facts.v1
        self.events = []

    def follow(self, logs, seed=None):
        """Read logs to their ends; with a seed in random groups, with crashes and repeats."""
        random = Random(seed)
        for group in self._groups(self.facts, logs, random, seed is not None):
            for output in group:
                assert output.topic == RECON_FACTS.name
                records = self.said[output.partition]
                place = (RECON_FACTS.name, output.partition, len(records), 0)
                records.append(InputRecord(*place, output.key, output.value))
        self._match(random, seed is not None)
        return self

    def idle(self, until):
        """Nothing comes any more: timers up to a time."""
        for job in self.facts:
            for output in job.take((), 0, until):
                records = self.said[output.partition]
                place = (RECON_FACTS.name, output.partition, len(records), 0)
                records.append(InputRecord(*place, output.key, output.value))
        self._match(Random(0), shaken=False)
        return self

    def _match(self, random, shaken):
        for group in self._groups(self.matches, self.said, random, shaken):
            for output in group:
                assert output.topic == RECON_EVENTS.name
                self.events.append(decode(ReconEvent, output.value))

    def _groups(self, jobs, topics, random, shaken):
        """Outputs of group after group of every job, in turns."""
        waiting = [job for job in jobs if job.position < len(topics[job.partition])]
        while waiting:
            job = random.choice(waiting)
            records = topics[job.partition]
            if not shaken:
                yield job.take(records, len(records))
            else:
                if random.random() < 0.1:
                    job.torn(records, random.randint(1, 9))
                yield job.take(records, random.choice((1, 1, 3, 20, 200)))
                if random.random() < 0.2:
                    yield job.recovered(closed=random.random() < 0.5)
            waiting = [job for job in jobs if job.position < len(topics[job.partition])]

    def bodies(self, kind):
        """What was said of a kind, each event once."""
        found = {each.event_id: each.body for each in self.events}
        return [body for body in found.values() if isinstance(body, kind)]

    @property
    def opened(self):
        return self.bodies(BreakOpened)

    @property
    def closed(self):
        return [each.break_id for each in self.bodies(BreakClosed)]

    @property
    def open(self):
        """Breaks that are open now, by id."""
        closed = set(self.closed)
        return {each.break_id: each for each in self.opened if each.break_id not in closed}

    @property
    def proofs(self):
        return {each.k: each for each in self.bodies(CutProved)}

    @property
    def reached(self):
        return self.bodies(CutReached)


def record_of(decision, offset, value=None):
    """A Decision as it lies in the log."""
    value = encode(decision) if value is None else value
    place = (EVENTS.name, decision.partition, offset, decision.decided_at)
    return InputRecord(*place, decision.wallet_id.encode(), value)


def log_of_rig(rig):
    """The log of a rig, with the inputs that it leaves out and the seals it only notes."""
    records, first = [], 1
    for (decision, sealed), given in zip(rig.log, rig.records, strict=True):
        whole = copied(decision, input=b"" if given is None else given[1])
        if sealed:
            count = decision.sequence - first + 1
            whole = copied(whole, seal=Seal(first, count, 0, b"", ()))
            first = decision.sequence + 1
        records.append(record_of(whole, 2 * len(records)))
    return records


def log_of_writer(writer):
    """The log of a writer, byte for byte."""
    return [
        record_of(decision, record.offset, record.value)
        for decision, record in zip(writer.decisions, writer.log, strict=True)
    ]


def chain_of(records):
    """The chain head after records."""
    chain = CHAIN_START
    for each in records:
        chain = chain_after(chain, each.value)
    return chain
