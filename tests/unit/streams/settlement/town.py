"""A ledger of one partition and the settlement job beside it, each fed with what the other says."""

from schemas.codec import decode
from schemas.messages.commands import OpenWallet, Pay, SetMerchantTerms, WalletCommand
from schemas.messages.decisions import Decision
from schemas.messages.policy import FeeRule
from schemas.messages.settlement import PayoutInstruction, PayoutStatement
from schemas.messages.vocabulary import FeeBack, FeeFlow, Outcome, PayoutPlan, Tier, WalletKind
from streams.runtime.fakes_local import FakeDisk
from streams.runtime.job import InputRecord
from streams.runtime.overlay import OverlayState
from streams.settlement.job import SettlementJob
from streams.settlement.tables import Books
from tests.support.builders import policy
from tests.support.writers import Writer
from topics.catalog import EVENTS, INSTRUCTIONS, JOB_COMMANDS, STATEMENTS

PAPERS = {STATEMENTS.name: PayoutStatement, INSTRUCTIONS.name: PayoutInstruction}
DAY_US = 86_400_000_000
FEE = 25


class Town:
    """`sam` buys, `mart` sells; `live` lets both jobs go on until neither has anything to do."""

    def __init__(self, **changed):
        fees = (FeeRule(FeeFlow.PAYOUT, 0, FEE),)
        self.policy = policy(fees=fees, merchant_mature_after_s=60, **changed)
        self.writer = Writer(0, 1, self.policy)
        self.disk = FakeDisk()
        self.overlay = OverlayState(SettlementJob.tables, self.disk.open())
        self.job = SettlementJob(self.policy).open(self.overlay, 0)
        self.papers = []
        self.orders = []
        self.read = 0
        self.writer.open("sam", 40_000)
        self.command(OpenWallet(WalletKind.MERCHANT, Tier.PREMIUM, ("EUR", "USD")), "open")

    @property
    def books(self):
        return Books(self.overlay)

    def command(self, body, command_id, wallet_id="mart"):
        decision = self.writer.command(wallet_id, body, command_id)
        assert decision.outcome is Outcome.ACCEPTED, (decision.reason, decision.detail)
        self.live()
        return decision

    def agree(
        self, plan=PayoutPlan.DAILY, rail="sct", command_id="terms", wallet_id="mart", kept=(0, 0)
    ):
        terms = SetMerchantTerms(0, 0, kept[0], 60, FeeBack.NONE, plan, rail, kept[1])
        self.command(terms, command_id, wallet_id)

    def sell(self, amount, command_id, wallet_id="mart"):
        """A sale that has matured."""
        self.command(Pay(wallet_id, "EUR", amount, "order"), command_id, "sam")
        self.wait(61_000_000)

    def wait(self, micros):
        """Time goes on; whatever is due by then is done."""
        self.writer.at += micros
        self.live()

    def live(self):
        before = None
        while before != (before := (len(self.writer.log), len(self.orders))):
            while (fired := self.writer.job.fire(self.writer.at)) is not None:
                self.writer.answers.append(fired)
            self.writer.commit()
            self.follow()
            self.fire(self.writer.at)
            for value, key in self.orders[self.given :]:
                self.writer.say(value, key, JOB_COMMANDS.name)
            self.given = len(self.orders)

    given = 0

    def follow(self):
        """The job reads what the log has for it."""
        for record in self.writer.log[self.read :]:
            at = decode(Decision, record.value).decided_at
            self.fire(at)
            place = record.offset, at, record.key, record.value
            self.take(self.job.step(InputRecord(EVENTS.name, 0, *place)))
        self.read = len(self.writer.log)

    def fire(self, until):
        while (outputs := self.job.fire(until)) is not None:
            self.take(outputs)

    def take(self, outputs):
        for output in outputs:
            if output.topic == JOB_COMMANDS.name:
                self.orders.append((output.value, output.key))
            else:
                self.papers.append(decode(PAPERS[output.topic], output.value))
        self.overlay.fold()
        self.overlay.flush(b"applied")

    def ordered(self):
        """The bodies of every command the job gave, with their ids."""
        given = [decode(WalletCommand, value) for value, _ in self.orders]
        return [(each.command_id, each.body) for each in given]

    def said(self, kind):
        return [paper for paper in self.papers if isinstance(paper, kind)]

    def again(self, number):
        """An order that is sent twice, as after a transaction that ended half-way."""
        value, key = self.orders[number]
        decision = self.writer.say(value, key, JOB_COMMANDS.name)
        self.live()
        return decision

    def has(self, account, wallet_id="mart"):
        row = self.writer.job.view.wallets.get(wallet_id)
        return -sum(each.minor for each in row.balances if each.account == account)
