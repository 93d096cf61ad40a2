"""Traffic: two writers of the wallet job, and everything that anybody may put on their topics.

Owns: what is sent, delivered, committed and recovered, in an order drawn from a seed.
Never: judges what the writers answer.
"""

from random import Random

from ledger.balances import available_of
from ops.demo.poison import poisoned
from schemas.codec import encode
from schemas.messages.commands import (
    AccrueInterest,
    AllocateSuspense,
    ApproveAdjustment,
    AvailableAtLeast,
    BookTreasury,
    CaptureHold,
    ChangeCreditLimit,
    Convert,
    FreezePayout,
    MigrateBalance,
    OpenDispute,
    OpenWallet,
    Origin,
    Pay,
    PayInterest,
    PlaceHold,
    ProposeAdjustment,
    RefundPayment,
    RejectAdjustment,
    ReleaseReserve,
    SetMerchantTerms,
    SubmitEvidence,
    SweepResidual,
    TopUp,
    Transfer,
    VoidHold,
    WalletSequenceIs,
)
from schemas.messages.control import ActivatePolicy, Control, SetRates
from schemas.messages.policy import FxRate
from schemas.messages.vocabulary import (
    AdjustmentDirection,
    Authority,
    FeeBack,
    Tier,
    TreasuryFlow,
    WalletKind,
)
from tests.support.builders import DAY, MINUTE, SECOND, policy
from tests.support.strategies import POLICY, RULES
from tests.support.traffic_orders import (
    MERCHANTS,
    ORDER_KINDS,
    PARTITIONS,
    TREASURY,
    WALLETS,
    OrderTraffic,
)
from tests.support.trials import act_drawn, activation_drawn, cut_drawn, people_drawn
from tests.support.writers import Writer, legs_of
from topics.catalog import CONTROL, LEGS

KINDS = {
    "pay": 30,
    "hold": 8,
    "end_hold": 6,
    "top_up": 6,
    "sale": 8,
    "after_sale": 6,
    "again": 6,
    "poison": 10,
    "misroute": 2,
    "activate": 1,
    "trial": 4,
    "commit": 14,
    "deliver": 20,
    "recover": 2,
    "treasury": 4,
    "own_money": 6,
    "adjust": 4,
    "credit": 3,
    **ORDER_KINDS,
}


class Traffic(OrderTraffic):
    """Two writers, and everything that anybody may put on their topics."""

    def __init__(self):
        self.writers = [Writer(each, PARTITIONS, POLICY, RULES) for each in range(PARTITIONS)]
        self.on_the_way = [[], []]
        self.sent = []
        self.random = Random(0)
        for wallet_id in WALLETS:
            self._home(wallet_id).open(wallet_id, 9_000, ("EUR", "USD"))
        self._begin_treasury()
        for wallet_id in MERCHANTS:
            opening = OpenWallet(WalletKind.MERCHANT, Tier.BASIC, ("EUR",))
            self._home(wallet_id).command(wallet_id, opening, "open")
            terms = SetMerchantTerms(290, 0, 500, 60, FeeBack.PRO_RATA, reserve_for_s=120)
            self._home(wallet_id).command(wallet_id, terms, "terms")

    def run(self, seed, length):
        """Do so many things, then commit what is open."""
        self.random = Random(seed)
        for _ in range(length):
            pause = self.random.choice((0, 0, SECOND, 3 * SECOND, MINUTE, 2 * MINUTE, DAY // 8))
            for writer in self.writers:
                writer.at += pause
            (kind,) = self.random.choices(tuple(KINDS), tuple(KINDS.values()))
            getattr(self, f"_{kind}")()
        for writer in self.writers:
            self._close(writer)
        return self

    def _home(self, wallet_id):
        return next(each for each in self.writers if each.job.place.partition_of(wallet_id)
                    == each.partition)  # fmt: skip

    def _send(self, wallet_id, body, command_id=None):
        command_id = command_id or f"n{len(self.sent)}"
        self.sent.append((wallet_id, body, command_id))
        sequence = WalletSequenceIs(self.random.randrange(40))
        least = AvailableAtLeast("EUR", self.random.choice((0, 500, 9_000)))
        on_top = ((), (sequence,), (least,), (least, sequence))
        (conditions,) = self.random.choices(on_top, (16, 1, 1, 1))
        dry = self.random.random() < 0.05
        number = len(self.sent)  # not drawn: what is drawn after it stays as it was
        origin = Origin(f"card{number % 4}", f"d{number % 2}") if number % 3 == 0 else None
        self._home(wallet_id).command(
            wallet_id, body, command_id, conditions=conditions, dry_run=dry, origin=origin
        )

    def _wallet(self):
        return self.random.choice(WALLETS)

    def _amount(self):
        return self.random.choice((1, 20, 100, 500, 3_000, 4_001, 0))

    def _pay(self):
        payee = self.random.choice((*WALLETS, "nobody"))
        self._send(self._wallet(), Transfer(payee, "EUR", self._amount()))

    def _sale(self):
        self._send(self._wallet(), Pay(self.random.choice(MERCHANTS), "EUR", self._amount(), "o"))

    def _after_sale(self):
        """Something of a merchant, mostly about a payment that it knows."""
        sales = [(body.to_wallet_id, f"{w}/{i}") for w, body, i in self.sent if type(body) is Pay]
        if sales:
            merchant, name = self.random.choice(sales)
            refund = RefundPayment(name, self.random.choice((1, 20, 100)))
            dispute = OpenDispute(name, self.random.choice((1, 20)), "file")
            answer = SubmitEvidence(f"n{self.random.randrange(len(self.sent))}", "f-1", "ab" * 32)
            others = FreezePayout("EUR"), ReleaseReserve(name), answer
            self._send(merchant, self.random.choice((refund, dispute, *others)))

    def _top_up(self):
        reference = str(self.random.randrange(9))
        self._send(self._wallet(), TopUp("EUR", self._amount(), "card", reference))

    def _hold(self):
        ttl_s = self.random.choice((None, 1, 60))
        self._send(self._wallet(), PlaceHold(self._wallet(), "EUR", self._amount(), ttl_s))

    def _end_hold(self):
        holds = [(w, i) for w, body, i in self.sent if isinstance(body, PlaceHold)]
        if holds:
            wallet_id, hold_id = self.random.choice(holds)
            capture = CaptureHold(hold_id, 1, self.random.random() < 0.5)
            self._send(wallet_id, self.random.choice((capture, VoidHold(hold_id))))

    def _again(self):
        if self.sent:
            wallet_id, body, command_id = self.random.choice(self.sent)
            self._send(wallet_id, self.random.choice((body, VoidHold("x"))), command_id)

    def _begin_treasury(self):
        opened = OpenWallet(WalletKind.TREASURY, Tier.BASIC, ("EUR", "USD"))
        self._home(TREASURY).command(TREASURY, opened, "start")
        for writer in self.writers:
            table = SetRates("t", (FxRate("EUR", 10**9), FxRate("USD", 10**9)), writer.at + DAY)
            control = encode(Control("rates", writer.at, "ops", table))
            writer.say(control, str(writer.partition).encode(), CONTROL.name)

    def _treasury(self):
        reference = str(self.random.randrange(4))
        payee = self.random.choice((*WALLETS, "nobody"))
        receipt = BookTreasury(TreasuryFlow.F19_1, "EUR", 500, reference, "b1", None)
        allocation = AllocateSuspense(reference, payee, "EUR", self._amount())
        self._send(TREASURY, self.random.choice((receipt, allocation)))

    def _own_money(self):
        writer_at = self.writers[0].at
        quote = Convert("EUR", "USD", 100, 99, 10**9, "q", writer_at + MINUTE)
        interest = AccrueInterest("EUR", 3, "June"), PayInterest("EUR", 2, "June")
        migrated = MigrateBalance("EUR", 700, str(self.random.randrange(9)))
        swept = SweepResidual("USD", Authority.OPERATOR)
        body = self.random.choice((quote, quote, *interest, migrated, swept))
        self._send(self._wallet(), body)

    def _adjust(self):
        proposed = [(w, i) for w, body, i in self.sent if isinstance(body, ProposeAdjustment)]
        if not proposed or self.random.random() < 0.3:
            direction = self.random.choice(tuple(AdjustmentDirection))
            body = ProposeAdjustment("EXP.GOODWILL", "EUR", 50, direction, "why", "T", "ann", None)
            self._send(self._wallet(), body)
            return
        wallet_id, adjustment_id = self.random.choice(proposed)
        kind = self.random.choice((ApproveAdjustment, ApproveAdjustment, RejectAdjustment))
        self._send(wallet_id, kind(adjustment_id, self.random.choice(("ann", "bea"))))

    def _credit(self):
        """Change a limit, then try to pay all that is there and some more."""
        wallet_id = self._wallet()
        limit = self.random.choice((0, 100, 3_000, -1))
        self._send(wallet_id, ChangeCreditLimit("EUR", limit))
        row = self._home(wallet_id).job.view.wallets.get(wallet_id)
        there = available_of(row, "EUR")
        amount = self.random.choice((there, there + 1, there - 50))
        self._send(wallet_id, PlaceHold(self._wallet(), "EUR", amount, 60))

    def _poison(self):
        writer = self.random.choice(self.writers)
        good = encode(Control("c", 1, "x", ActivatePolicy(policy())))
        turn = self.random.randrange(9)
        key, value = poisoned(self.random, b"key", good, turn)
        writer.say(value, key, self.random.choice(tuple(writer.topics)[1:]))

    def _misroute(self):
        wallet_id = self._wallet()
        writer = next(each for each in self.writers if each is not self._home(wallet_id))
        writer.command(wallet_id, VoidHold("x"), "stray")

    def _activate(self):
        writer = self.random.choice(self.writers)
        watched = self.random.random() < 0.4
        body = ActivatePolicy(policy(version=f"v{self.random.random()}", control_four_eyes=watched))
        control = Control(f"ctl{self.random.randrange(5)}", writer.at, "ops", body, "bea")
        writer.say(encode(control), str(writer.partition).encode(), CONTROL.name)

    def _trial(self):
        writer = self.random.choice(self.writers)
        drawn = activation_drawn, activation_drawn, cut_drawn, act_drawn
        body = self.random.choice(drawn)(self.random)
        issuer, approver = people_drawn(self.random)
        control_id = f"trial{self.random.randrange(20)}"
        control = Control(control_id, writer.at, issuer, body, approver)
        writer.say(encode(control), str(writer.partition).encode(), CONTROL.name)

    def _commit(self):
        self._close(self.random.choice(self.writers))

    def _close(self, writer):
        group = writer.commit()
        if group is not None:
            for leg in legs_of(group):
                self.on_the_way[leg.partition].append(leg)

    def _deliver(self):
        writer = self.random.choice(self.writers)
        waiting = self.on_the_way[writer.partition]
        for leg in waiting[: self.random.randint(1, 3)]:
            waiting.remove(leg)
            writer.say(leg.value, leg.key, LEGS.name)

    def _recover(self):
        """An owner dies between two groups; its successor sends the last group again."""
        writer = self.random.choice(self.writers)
        self._close(writer)
        heir = writer.recovered(self.random.randint(1, 4))
        heir.groups = writer.groups
        for each in heir.job.resend(heir.read_input):
            if each.topic == LEGS.name:
                self.on_the_way[each.partition].append(each)
        self.writers[writer.partition] = heir
