"""A ledger of one partition and the risk job beside it, each fed with what the other says."""

from schemas.codec import decode, encode
from schemas.messages.commands import OpenWallet, Origin, TopUp, Transfer
from schemas.messages.control import Control
from schemas.messages.decisions import Decision
from schemas.messages.risk import Sighting
from schemas.messages.vocabulary import Tier, WalletKind
from streams.risk.job import RiskJob
from streams.runtime.fakes_local import FakeDisk
from streams.runtime.job import InputRecord
from streams.runtime.overlay import OverlayState
from streams.wallet.genesis import genesis_ruleset
from tests.support.builders import policy
from tests.support.writers import Writer
from topics.catalog import CONTROL, EVENTS, SIGHTINGS

DAY_US = 86_400_000_000


class Town:
    """`live` lets ledger and job go on until neither has anything to do."""

    def __init__(self, rules=None):
        rules = rules or genesis_ruleset()
        self.writer = Writer(0, 1, policy(), rules)
        self.kind = RiskJob(1, rules)
        self.overlay = OverlayState(self.kind.tables, FakeDisk().open())
        self.job = self.kind.open(self.overlay, 0)
        self.events, self.sightings, self.flags, self.answers = [], [], [], []
        self.read = self.given = 0

    def opens(self, wallet_id, device_id="", funds=1_000, card=""):
        """A wallet is opened with a device, and perhaps filled by a card."""
        body = OpenWallet(WalletKind.CUSTOMER, Tier.BASIC, ("EUR",))
        self.command(wallet_id, body, "open", Origin(device_id=device_id))
        if funds:
            body = TopUp("EUR", funds, "card", f"ref-{wallet_id}")
            self.command(wallet_id, body, "fill", Origin(card))

    def command(self, wallet_id, body, command_id, origin=None, **more):
        decision = self.writer.command(wallet_id, body, command_id, origin=origin, **more)
        self.live()
        return decision

    def pays(self, wallet_id, to, amount, command_id, **origin):
        return self.command(wallet_id, Transfer(to, "EUR", amount), command_id, Origin(**origin))

    def control(self, body, control_id):
        record = Control(control_id, self.writer.at, "ops", body, "bea")
        self.writer.say(encode(record), b"0", CONTROL.name)
        self.live()

    def wait(self, micros):
        self.writer.at += micros
        self.live()

    def live(self):
        before = None
        while before != (before := (len(self.writer.log), len(self.sightings), len(self.flags))):
            self.writer.commit()
            for record in self.writer.log[self.read :]:
                at = decode(Decision, record.value).decided_at
                self.step(InputRecord(EVENTS.name, 0, record.offset, at, record.key, record.value))
            self.read = len(self.writer.log)
            self.fire(self.writer.at)
            for each in self.flags[self.given :]:
                given = self.writer.say(each.value, each.key, CONTROL.name)
                self.answers.append(given)
            self.given = len(self.flags)

    def step(self, record):
        """A record, and the sightings it leads to."""
        self.fire(record.append_time)
        self.events.append(record)
        for output in self.keep(self.job.step(record)):
            place = SIGHTINGS.name, output.partition, len(self.sightings), record.append_time
            self.sightings.append(InputRecord(*place, output.key, output.value))
            self.flags += self.keep(self.job.step(self.sightings[-1]))

    def fire(self, until):
        while (outputs := self.job.fire(until)) is not None:
            self.flags += self.keep(outputs)

    def keep(self, outputs):
        self.overlay.fold()
        self.overlay.flush(b"applied")
        return list(outputs)

    def seen(self):
        """Wallet and kind of every sighting."""
        found = [decode(Sighting, each.value) for each in self.sightings]
        return [(each.wallet_id, each.kind.value) for each in found]

    def told(self):
        """Wallet and value of every flag."""
        bodies = [decode(Control, each.value).body for each in self.flags]
        return [(each.wallet_id, each.flag.value) for each in bodies]

    def known(self, wallet_id):
        """The values of the flags that the ledger keeps of a wallet."""
        row = self.writer.job.view.profiles.get(wallet_id)
        return [each.value for each in (() if row is None else row.flags)]
