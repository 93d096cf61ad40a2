"""A ledger of one partition and the scheduler beside it, each fed with what the other says."""

from schemas.codec import decode
from schemas.messages.commands import CreateSchedule, WalletCommand
from schemas.messages.decisions import Decision
from schemas.messages.scheduler import OccurrenceAnswer
from schemas.messages.vocabulary import Outcome, Recurrence, ScheduledKind
from streams.runtime.fakes_local import FakeDisk
from streams.runtime.job import InputRecord, LogRecord
from streams.runtime.overlay import OverlayState
from streams.scheduler.job import scheduler_job
from streams.scheduler.tables import Books
from tests.support.builders import policy
from tests.support.writers import Writer, rows_of
from topics.catalog import EVENTS, JOB_COMMANDS, OCCURRENCES

DAY_US = 86_400_000_000
HOUR_US = DAY_US // 24


class Town:
    """`ann` pays `bob`; `live` lets both jobs go on until neither has anything to do."""

    def __init__(self, funds=40_000, rules=None, **changed):
        self.policy = policy(**changed)
        self.writer = Writer(0, 1, self.policy, rules)
        self.kind = scheduler_job(self.policy)
        self.log, self.outcomes = [], []
        self.read = self.given = 0
        self.history = []
        self.orders = []
        self.bind()
        self.writer.open("ann", funds)
        self.writer.open("bob")
        self.live()

    def bind(self):
        """The job begins with what its log says."""
        self.disk = FakeDisk()
        self.overlay = OverlayState(self.kind.tables, self.disk.open())
        self.job = self.kind.open(self.overlay, 0)
        for record in self.log:
            if self.job.replay(record) is not None:
                self.overlay.fold()
                self.overlay.flush(b"applied")

    @property
    def books(self):
        return Books(self.overlay)

    @property
    def rows(self):
        return rows_of(self.disk)

    def now(self):
        return self.writer.at

    def command(self, body, command_id, wallet_id="ann"):
        decision = self.writer.command(wallet_id, body, command_id)
        assert decision.outcome is Outcome.ACCEPTED, (decision.reason, decision.detail)
        self.live()
        return decision

    def schedule(self, name="rent", amount=100, recurrence=Recurrence.DAILY, **more):
        """Pay bob, first in an hour."""
        kind = more.pop("kind", ScheduledKind.TRANSFER)
        first_at = more.pop("first_at", self.now() + HOUR_US)
        payee = more.pop("payee", "bob")
        body = CreateSchedule(kind, payee, "EUR", amount, first_at, recurrence, **more)
        self.command(body, name)

    def wait(self, micros=DAY_US, times=1):
        """Time goes on; whatever is due by then is done."""
        for _ in range(times):
            self.writer.at += micros
            self.live()

    def live(self):
        before = None
        while before != (before := (len(self.writer.log), len(self.orders))):
            self.ledger()
            self.follow()
            self.fire(self.now())
            self.commit()
            self.deliver()

    def ledger(self):
        """The ledger's own timers, and its commit."""
        while (fired := self.writer.job.fire(self.now())) is not None:
            self.writer.answers.append(fired)
        self.writer.commit()

    def follow(self, most=None):
        """The job reads what the log has for it."""
        for record in self.writer.log[self.read :][:most]:
            at = decode(Decision, record.value).decided_at
            self.fire(at)
            place = record.offset, at, record.key, record.value
            self.outcomes.append(self.job.step(InputRecord(EVENTS.name, 0, *place)))
            self.read += 1

    def fire(self, until):
        while (outcome := self.job.fire(until)) is not None:
            self.outcomes.append(outcome)

    def commit(self, sent=None):
        """End the group; `sent` of its outputs are visible, if it was cut off there."""
        if not self.outcomes:
            return
        group = self.job.seal(self.outcomes, {EVENTS.name: self.read})
        self.outcomes = []
        self.log += group.log
        self.overlay.fold()
        self.overlay.flush(b"applied")
        self.send(group.outputs[:sent])

    def send(self, outputs):
        for output in outputs:
            if output.topic == JOB_COMMANDS.name:
                self.orders.append((output.value, output.key))
            elif output.topic == OCCURRENCES.name:
                self.history.append(decode(OccurrenceAnswer, output.value))
            else:
                self.log.append(LogRecord(output.key, output.value))

    def deliver(self):
        """The ledger gets what the job ordered."""
        for value, key in self.orders[self.given :]:
            self.writer.say(value, key, JOB_COMMANDS.name)
        self.given = len(self.orders)

    def recover(self):
        """A new owner: the state from the log, and what may not have been sent."""
        self.outcomes = []
        positions = [
            done.positions for done in map(self.fresh().replay, self.log) if done is not None
        ]
        self.bind()
        self.read = positions[-1][EVENTS.name] if positions else 0
        self.send(self.job.resend(lambda *_: None))

    def fresh(self):
        return self.kind.open(OverlayState(self.kind.tables, FakeDisk().open()), 0)

    def ordered(self):
        """The bodies of every command the job gave, with their ids."""
        given = [decode(WalletCommand, value) for value, _ in self.orders]
        return [(each.command_id, each.body) for each in given]

    def names(self):
        return [name for name, _ in self.ordered()]

    def told(self):
        """What the history says: number, reason, refusals in a row."""
        return [
            (each.number, each.reason and each.reason.name, each.refusals) for each in self.history
        ]

    def state(self, name="rent"):
        return self.writer.job.view.schedules.get(("ann", name)).state.name

    def has(self, wallet_id):
        row = self.writer.job.view.wallets.get(wallet_id)
        return -sum(each.minor for each in row.balances if each.account == "W.AVL")

    def paid(self):
        """The ids of every payment that was made, in order."""
        made = [
            each
            for each in self.writer.decisions
            if each.outcome is Outcome.ACCEPTED and ":" in each.command_id and each.entries
        ]
        return [each.command_id for each in made]
