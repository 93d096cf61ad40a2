"""Two partitions with a small day behind them; their logs can be damaged before they are read."""

from schemas.codec import decode, encode
from schemas.messages.commands import PlaceHold, TopUp, Transfer
from schemas.messages.control import TakeCut
from schemas.messages.decisions import Decision
from schemas.messages.vocabulary import Outcome
from tests.support.builders import SECOND, Rig
from tests.support.checked import copied
from tests.support.recon import Reconciliation, log_of_rig, record_of

ALICE, BOB = "alice-0", "bob-1"
LATER = 60 * SECOND
END = 2**61


class Valley:
    """`alice` on partition 0, `bob` on partition 1."""

    def __init__(self, policy_=None):
        self.rigs = [Rig(0, 2, policy_), Rig(1, 2, policy_)]
        self.cuts = 0
        for rig, wallet_id in zip(self.rigs, (ALICE, BOB), strict=True):
            rig.open(wallet_id)
            self.done(rig.command(wallet_id, TopUp("EUR", 9_000, "card", wallet_id)))

    def done(self, decision):
        assert decision.outcome is Outcome.ACCEPTED, (decision.reason, decision.detail)
        return decision

    def pay(self, amount, payer=ALICE, payee=BOB):
        """A transfer to the other partition; its debit."""
        rig = self.rigs[0 if payer == ALICE else 1]
        return self.done(rig.command(payer, Transfer(payee, "EUR", amount)))

    def hold(self, amount):
        return self.done(self.rigs[0].command(ALICE, PlaceHold(BOB, "EUR", amount, 3_600)))

    def deliver(self):
        """All legs, and their answers; the Decisions about them."""
        made = []
        while any(rig.legs for rig in self.rigs):
            for rig in self.rigs:
                legs, rig.legs = list(rig.legs), []
                made += [self.rigs[leg.dst_partition].leg(leg) for leg in legs]
        return made

    def cut(self):
        """The same cut in both partitions."""
        self.cuts += 1
        for rig in self.rigs:
            self.done(rig.control(TakeCut(self.cuts, ""), f"cut-{self.cuts}"))
        return self.cuts

    def wait(self, duration=LATER):
        for rig in self.rigs:
            rig.wait(duration)

    def logs(self):
        return [log_of_rig(rig) for rig in self.rigs]


def day():
    """Money both ways, one transfer refused, a hold, and cuts with and without money in flight."""
    valley = Valley()
    valley.pay(100)
    valley.cut()
    valley.deliver()
    valley.pay(30, BOB, ALICE)
    valley.pay(20, ALICE, "nobody-1")
    valley.hold(40)
    valley.cut()
    valley.deliver()
    valley.wait()
    valley.pay(7)
    valley.deliver()
    valley.cut()
    return valley


def followed(logs, until=END):
    """What the reconciliation says of logs, timers and all."""
    return Reconciliation(len(logs)).follow(logs).idle(until)


def at(records, sequence):
    """A Decision of a log."""
    return decode(Decision, records[sequence - 1].value)


def sequence_of(records, event):
    """Where the first event of a name lies."""
    for each in records:
        decision = decode(Decision, each.value)
        if any(type(found).__name__ == event for found in decision.events):
            return decision.sequence
    raise AssertionError(event)


def altered(records, sequence, **changes):
    """A log with one Decision changed."""
    record = records[sequence - 1]
    damaged = encode(copied(decode(Decision, record.value), **changes))
    return [
        record_of(at(records, sequence), each.offset, damaged) if each is record else each
        for each in records
    ]


def without(records, sequence):
    """A log with one Decision missing."""
    return [each for number, each in enumerate(records, 1) if number != sequence]


def checks(reconciliation):
    """The checks that found something."""
    return {each.check.name for each in reconciliation.opened}
