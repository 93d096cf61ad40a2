"""A ledger of one partition and the automation job beside it, each fed with what the other says."""

from schemas.codec import decode, encode
from schemas.messages.automation import (
    ActivateRules,
    AutomationNotice,
    AutomationRule,
    AutomationRules,
    Bound,
    GiveCommand,
    GiveNotice,
    Watch,
)
from schemas.messages.commands import (
    BookTreasury,
    OpenWallet,
    Transfer,
    WalletCommand,
)
from schemas.messages.decisions import Decision
from schemas.messages.vocabulary import Tier, TreasuryFlow, WalletKind
from streams.automation.job import AutomationJob
from streams.automation.tables import Books
from streams.runtime.fakes_local import FakeDisk
from streams.runtime.job import InputRecord
from streams.runtime.overlay import OverlayState
from tests.support.builders import policy
from tests.support.writers import Writer
from topics.catalog import AUTOMATION_NOTICES, AUTOMATION_RULES, EVENTS, JOB_COMMANDS

SECOND = 1_000_000
SAFE = Watch("BANK.SAFE", "payouts", "EUR")
AVAILABLE = Watch("W.AVL", "", "EUR")


def template(body):
    return encode(WalletCommand("template", "template", 1, body))


def rule(rule_id="low", watch=AVAILABLE, when=None, cooldown_s=0, then=None, events=()):
    """Tells LOW when what is available falls below 10.00, unless told otherwise."""
    bounds = when or (Bound("balance", None, 10_00),)
    return AutomationRule(rule_id, watch, events, bounds, cooldown_s, then or GiveNotice("LOW"))


def sweep(to="bob", low=100_00, level=50_00, **more):
    then = GiveCommand("", template(Transfer(to, "EUR", 1)), level)
    watch = Watch("W.AVL", "ann", "EUR")  # of everybody, it would watch the one it sweeps to
    return rule("sweep", watch, (Bound("balance", low, None),), then=then, **more)


class Watched:
    """`ann` has 50.00, `bob` nothing; `live` lets both jobs go on until nothing is left to do."""

    def __init__(self, *rules):
        self.writer = Writer(0, 1, policy())
        self.disk = FakeDisk()
        self.overlay = OverlayState(AutomationJob.tables, self.disk.open())
        self.job = AutomationJob(1).open(self.overlay, 0)
        self.notices, self.orders, self.records = [], [], []
        self.read = self.given = self.number = 0
        self.writer.open("ann", 50_00)
        self.writer.open("bob")
        self.writer.commit()
        if rules:
            self.activate(*rules)

    @property
    def books(self):
        return Books(self.overlay)

    def activate(self, *rules, control_id=None, version="v1"):
        self.number += 1
        document = AutomationRules(version, rules)
        control = ActivateRules(control_id or f"c-{self.number}", 1, "ops", document)
        return self.hear(encode(control))

    def hear(self, value):
        """A record on the topic of rules; what the job says at once."""
        self.live()
        self.writer.at += SECOND
        number = sum(each.topic == AUTOMATION_RULES.name for each in self.records)
        self.step(AUTOMATION_RULES.name, number, self.writer.at, b"0", value)
        return self.notices[-1] if self.notices else None

    def command(self, wallet_id, body, command_id=None):
        self.number += 1
        self.writer.at += SECOND
        decision = self.writer.command(wallet_id, body, command_id or f"n-{self.number}")
        self.live()
        return decision

    def pay(self, minor, by="ann", to="bob"):
        decision = self.command(by, Transfer(to, "EUR", minor))
        assert decision.reason is None, decision.reason
        return decision

    def bank(self, flow, minor, **more):
        """Something happens at the bank account `payouts`; the treasury is opened by the first."""
        if self.writer.job.view.wallets.get("bank") is None:
            self.command("bank", OpenWallet(WalletKind.TREASURY, Tier.BASIC, ("EUR",)))
        body = BookTreasury(flow, "EUR", minor, f"ref-{self.number}", account="payouts", **more)
        assert self.command("bank", body).reason is None

    def received(self, minor):
        self.bank(TreasuryFlow.F0_2, minor)

    def left(self, minor):
        self.bank(TreasuryFlow.F3_3, minor, rail="sct")

    def wait(self, micros):
        self.writer.at += micros
        self.live()

    def live(self):
        before = None
        while before != (before := (len(self.writer.log), len(self.orders))):
            self.writer.commit()
            for record in self.writer.log[self.read :]:
                at = decode(Decision, record.value).decided_at
                self.step(EVENTS.name, record.offset, at, record.key, record.value)
            self.read = len(self.writer.log)
            self.fire(self.writer.at)
            for value, key in self.orders[self.given :]:
                self.writer.say(value, key, JOB_COMMANDS.name)
            self.given = len(self.orders)

    def step(self, topic, offset, at, key, value):
        """As the runtime does: timers first."""
        self.fire(at)
        record = InputRecord(topic, 0, offset, at, key, value)
        self.records.append(record)
        self.take(self.job.step(record))

    def fire(self, until):
        while (outputs := self.job.fire(until)) is not None:
            self.take(outputs)

    def take(self, outputs):
        for output in outputs:
            if output.topic == JOB_COMMANDS.name:
                self.orders.append((output.value, output.key))
            else:
                assert output.topic == AUTOMATION_NOTICES.name
                self.notices.append(decode(AutomationNotice, output.value))
        self.overlay.fold()
        self.overlay.flush(b"applied")

    def commanded(self):
        return [decode(WalletCommand, value) for value, _ in self.orders]

    def told(self):
        """Code, owner, crossing and balance of what rules raised."""
        raised = [each for each in self.notices if each.kind.name == "RAISED"]
        return [(each.code, each.owner, each.crossing, each.balance) for each in raised]

    def available(self, wallet_id):
        row = self.writer.job.view.wallets.get(wallet_id)
        return -sum(each.minor for each in row.balances if each.account == "W.AVL")
