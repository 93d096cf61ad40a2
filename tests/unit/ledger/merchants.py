"""What examples of merchants share: a payer and a merchant, on one partition or on two."""

from schemas.messages.commands import (
    Pay,
    RefundPayment,
    SetMerchantTerms,
    TopUp,
)
from schemas.messages.vocabulary import FeeBack, LegKind, Tier, WalletKind
from tests.support.builders import Rig, policy
from tests.support.looking import balance, rows_of, system_balance, trial_balance

DAY_S = 86_400
PAYER = "sam"


class Market:
    """A payer on partition 0 and a merchant on partition `home`, with the way between them."""

    def __init__(
        self,
        home=1,
        *,
        fee_back=FeeBack.PRO_RATA,
        reserve_bp=500,
        reserve_for_s=0,
        funds=50_000,
        **changed,
    ):
        rigs = [Rig(each, 2, policy(**changed)) for each in range(2)]
        self.payer_rig, self.rig = rigs[0], rigs[home]
        self.merchant = "mart-1" if home else "mart"
        self.at_home = home == 0
        self.payer_rig.open(PAYER)
        self.payer_rig.command(PAYER, TopUp("EUR", funds, "card", "ref"))
        self.rig.open(self.merchant, Tier.BASIC, ("EUR", "USD"), WalletKind.MERCHANT)
        self.order(terms_of(reserve_bp, reserve_for_s, fee_back), "terms")

    def order(self, body, command_id=None):
        """A command of the merchant, which is decided now and whose legs are delivered."""
        decision = self.rig.command(self.merchant, body, command_id)
        self.carry()
        return decision

    def pay(self, amount=10_000, command_id="p", to=None, order_ref="order"):
        body = Pay(to or self.merchant, "EUR", amount, order_ref)
        decision = self.payer_rig.command(PAYER, body, command_id)
        self.carry()
        return decision

    def refund(self, amount, payment="p", command_id=None):
        return self.order(RefundPayment(f"{PAYER}/{payment}", amount), command_id)

    def carry(self):
        """Deliver everything, answers too."""
        while any(rig.legs for rig in (self.payer_rig, self.rig)):
            for sender, receiver in ((self.payer_rig, self.rig), (self.rig, self.payer_rig)):
                while sender.legs:
                    receiver.leg(sender.legs.pop(0))

    def mature(self):
        """Two days on: whatever waits is payable."""
        self.later(2 * DAY_S)

    def later(self, seconds):
        """Time goes on; whatever is due at the merchant by then is done."""
        for rig in {self.payer_rig, self.rig}:
            rig.wait(seconds * 1_000_000)
        while (
            self.rig.view.timers.first(1) and self.rig.view.timers.first(1)[0][1].due <= self.rig.at
        ):
            self.rig.fire()

    def has(self, *accounts):
        return tuple(balance(self.rig.view, self.merchant, each) for each in accounts)

    def payer_has(self, *accounts):
        return tuple(balance(self.payer_rig.view, PAYER, each) for each in accounts)

    def debt(self):
        return system_balance(self.rig.view, "RCV.MERCH", self.merchant)

    def thing(self, name):
        return self.rig.view.transactions.get((self.merchant, name))

    def payment(self, name="p"):
        return self.thing(f"{PAYER}/{name}")

    def last(self, flow):
        """The newest Decision of either partition that posted a flow."""
        found = [
            decision
            for rig in (self.payer_rig, self.rig)
            for decision, _ in rig.log
            if any(entry.flow == flow for entry in decision.entries)
        ]
        return found[-1]

    def check(self):
        """What holds after everything."""
        for rig in (self.payer_rig, self.rig):
            assert set(trial_balance(rig.view).values()) <= {0}
            assert rows_of(rig.replayed()) == rows_of(rig.view)


def terms_of(reserve_bp, reserve_for_s, fee_back=FeeBack.PRO_RATA):
    """2.90 percent, payable after two days."""
    return SetMerchantTerms(290, 0, reserve_bp, 2 * DAY_S, fee_back, reserve_for_s=reserve_for_s)


def first_leg(market, kind=LegKind.CREDIT):
    """The leg that waits to be delivered to the merchant."""
    return next(each for each in market.payer_rig.legs if each.kind is kind)
