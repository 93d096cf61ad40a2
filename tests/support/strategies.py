"""Strategies: random days of a small ledger, and the world that lives through them.

Owns: `days`, lists of seeded operations, and `World`, which carries them out on several partitions
with its own delivery of legs: late, in any order between pairs, and repeated as a recovery does.
Never: a rule; the world only moves time and messages.
"""

from random import Random

from hypothesis import strategies as st

from ledger.holds import OPEN, remaining_of
from schemas.messages.commands import (
    CaptureHold,
    ChangeTier,
    ExtendHold,
    IncrementHold,
    OpenWallet,
    PlaceHold,
    ResolveReview,
    TopUp,
    Transfer,
    VoidHold,
)
from schemas.messages.vocabulary import (
    ReviewVerdict,
    Tier,
    WalletKind,
)
from tests.support.bank_days import BANK_KINDS, BankDays
from tests.support.builders import (
    DAY,
    HOUR,
    INT64_MAX,
    MINUTE,
    SECOND,
    Rig,
)
from tests.support.bulk_days import BULK_KINDS, BulkDays
from tests.support.day_programme import POLICY, RULES
from tests.support.days_thirdparty import THIRD_PARTY_KINDS, ThirdPartyDays
from tests.support.flag_days import FLAG_KINDS, FlagDays
from tests.support.merchant_days import MERCHANT_KINDS, MERCHANTS, MerchantOperations
from tests.support.order_days import DRY, ORDER_KINDS, OrderDays
from tests.support.origins import origin_of
from tests.support.schedule_days import SCHEDULE_KINDS, ScheduleDays
from tests.support.status_days import STATUS_KINDS, StatusDays
from tests.support.treasury_day import TREASURY_KINDS, TreasuryDay
from tests.support.trials import TrialDays

WALLETS = ("alice", "bob", "carl-1", "dora-1", "eve-2")
MERCHANT = "dora-1"
CURRENCIES = ("EUR", "USD")
AMOUNTS = (1, 7, 20, 50, 99, 100, 101, 500, 1_000, 3_000, 4_000, 4_001, -1, 0, INT64_MAX)
AMOUNT_WEIGHTS = (3, 3, 6, 6, 6, 6, 6, 8, 8, 6, 3, 1, 1, 1, 1)
PAUSES = (0, SECOND, 3 * SECOND, MINUTE, 20 * MINUTE, HOUR, DAY, 6 * DAY)
PAUSE_WEIGHTS = (6, 8, 24, 16, 6, 4, 2, 1)
# What a day is made of, and how often in a hundred operations.
KINDS = {
    "pay": 30,
    **MERCHANT_KINDS,
    "hold": 8,
    "capture": 8,
    "void": 2,
    "change": 5,
    "resolve": 4,
    "top_up": 6,
    "tier": 1,
    "open": 1,
    "again": 4,
    "deliver": 26,
    "timer": 2,
    "recover": 3,
    "group": 2,
    "seal": 4,
    "trial": 4,
    **THIRD_PARTY_KINDS,
    **BANK_KINDS,
    **TREASURY_KINDS,
    **ORDER_KINDS,
    **STATUS_KINDS,
    **BULK_KINDS,
    **SCHEDULE_KINDS,
    **FLAG_KINDS,
}


def day_of(seed, length):
    """The first operations of an endless day; the same seed goes on where a shorter day ends."""
    random = Random(seed)
    day = []
    for _ in range(length):
        kinds = random.choices(tuple(KINDS), tuple(KINDS.values()))
        day.append((kinds[0], random.getrandbits(32)))
    return day


days = st.builds(day_of, st.integers(0, 2**32), st.integers(1, 120))


class World(
    BulkDays,
    StatusDays,
    OrderDays,
    ScheduleDays,
    BankDays,
    ThirdPartyDays,
    MerchantOperations,
    TreasuryDay,
    TrialDays,
    FlagDays,
):
    """Partitions that know each other by legs only."""

    def __init__(self, partitions=3, *, policy_=POLICY, ruleset_=RULES):
        self.rigs = [Rig(each, partitions, policy_, ruleset_) for each in range(partitions)]
        self.queues = {
            (source, target): []
            for source in range(partitions)
            for target in range(partitions)
            if source != target
        }
        self.last_groups = [[] for _ in self.rigs]
        self.ordered = []
        self.random = Random(0)
        for wallet_id in MERCHANTS:
            self.home(wallet_id).open(wallet_id, Tier.BASIC, CURRENCIES, WalletKind.MERCHANT)
        for wallet_id in WALLETS:
            rig = self.home(wallet_id)
            kind = WalletKind.MERCHANT if wallet_id == MERCHANT else WalletKind.CUSTOMER
            rig.command(wallet_id, OpenWallet(kind, Tier.BASIC, CURRENCIES))
            for currency in CURRENCIES:
                top_up = TopUp(currency, 9_000, "card", f"{wallet_id}{currency}")
                rig.command(wallet_id, top_up, f"start-{currency}")
        self.open_treasury()
        self.open_poor()
        self.open_schedules()

    def home(self, wallet_id):
        """The partition of a wallet."""
        return self.rigs[self.rigs[0].place.partition_of(wallet_id)]

    def run(self, day):
        """Carry out a day's operations."""
        for operation in day:
            self.do(operation)
        return self

    def do(self, operation):
        """Carry out one operation; some do nothing, when there is nothing to do."""
        kind, seed = operation
        self.random = Random(seed)
        getattr(self, f"_{kind}")()
        for rig in self.rigs:
            if not rig.grouping:
                self._publish(rig)

    def settle(self):
        """Deliver everything that is under way, until nothing moves."""
        for rig in self.rigs:
            self._end_group(rig)
        while any(self.queues.values()):
            self.do(("deliver", 0))
        return self

    def _pay(self):
        payer, payee = self._pair()
        self._order(payer, Transfer(payee, self._currency(), self._amount()))

    def _hold(self):
        payer, payee = self._pair()
        ttl_s = self.random.choice((None, None, 0, 60, -1))
        self._order(payer, PlaceHold(payee, self._currency(), self._amount(), ttl_s))

    def _top_up(self):
        amount = self.random.choice((10, 500, 9_000, 9_001))
        reference = str(self.random.randrange(40))
        self._order(self._wallet(), TopUp(self._currency(), amount, "card", reference))

    def _tier(self):
        self._order(self._wallet(), ChangeTier(self.random.choice(tuple(Tier))))

    def _open(self):
        self._order(self._wallet(), OpenWallet(WalletKind.CUSTOMER, Tier.BASIC, ("EUR",)))

    def _capture(self):
        wallet_id, hold_id = self._one_of("holds")
        row = self.home(wallet_id).view.holds.get((wallet_id, hold_id))
        most = 1 if row is None else remaining_of(row) + 1
        amount = self.random.choice((1, most // 2, most - 1, most, most + most // 6, 2 * most))
        self._order(wallet_id, CaptureHold(hold_id, amount, self.random.random() < 0.5))

    def _change(self):
        wallet_id, hold_id = self._one_of("holds")
        more = IncrementHold(hold_id, self.random.choice((0, 1, 7, 500, 4_000)))
        longer = ExtendHold(hold_id, self.random.choice((-1, 0, 60, 86_400)))
        self._order(wallet_id, self.random.choice((more, longer)))

    def _void(self):
        wallet_id, hold_id = self._one_of("holds")
        self._order(wallet_id, VoidHold(hold_id))

    def _resolve(self):
        wallet_id, review_id = self._one_of("reviews")
        verdict = self.random.choice(tuple(ReviewVerdict))
        self._order(wallet_id, ResolveReview(review_id, verdict, "ann"))

    def _order(self, wallet_id, body, command_id=None, conditions=None):
        pause = self.random.choices(PAUSES, PAUSE_WEIGHTS)[0]
        for rig in self.rigs:
            rig.wait(pause)
        self._fire_due()
        command_id = command_id or f"n{len(self.ordered)}"
        if conditions is None:
            conditions = self._sometimes(wallet_id)
        dry = self.random.random() < DRY
        self.ordered.append((wallet_id, body, command_id, conditions))
        self.home(wallet_id).command(
            wallet_id,
            body,
            command_id,
            conditions=conditions,
            dry_run=dry,
            origin=origin_of(len(self.ordered)),
        )

    def _wallet(self):
        return self.random.choice(WALLETS)

    def _anybody(self):
        return self.random.choice((*WALLETS, *MERCHANTS))

    def _pair(self):
        """Payer and payee; now and then the same wallet, or nobody."""
        payer = self._wallet()
        payee = self._anybody()
        if payer == payee:
            payee = self.random.choice((payer, "nobody", "nobody-1", *WALLETS))
        return payer, payee

    def _currency(self):
        return self.random.choice(("EUR", "EUR", "EUR", "EUR", "USD", "XXX"))

    def _amount(self):
        return self.random.choices(AMOUNTS, AMOUNT_WEIGHTS)[0]

    def _one_of(self, table):
        """The key of an open hold or review; of something unknown when there is none."""
        keys = [
            key
            for rig in self.rigs
            for key, row in sorted(getattr(rig.view, table).rows.items())
            if table == "reviews" or row.status in OPEN
        ]
        return self.random.choice(keys) if keys else ("alice", "unknown")

    def _fire_due(self):
        """Timers come before the first record whose time reaches them."""
        for rig in self.rigs:
            while (first := rig.view.timers.first(1)) and first[0][1].due <= rig.at:
                rig.fire()

    def _timer(self):
        self.random.choice(self.rigs).fire()

    def _deliver(self):
        waiting = [pair for pair, queue in sorted(self.queues.items()) if queue]
        if waiting:
            self._fire_due()
            source, target = self.random.choice(waiting)
            self.rigs[target].leg(self.queues[source, target].pop(0))

    def _recover(self):
        """An owner that recovers sends the legs of its last sealed group again."""
        rig = self.random.choice(self.rigs)
        if not rig.grouping:
            for leg in self.last_groups[rig.place.partition]:
                self.queues[leg.src_partition, leg.dst_partition].append(leg)

    def _group(self):
        self.random.choice(self.rigs).grouping = True

    def _seal(self):
        self._end_group(self.random.choice(self.rigs))

    def _end_group(self, rig):
        if rig.grouping:
            rig.grouping = False
            rig.seal()
            self._publish(rig)

    def _publish(self, rig):
        """Legs are visible once their transaction is committed."""
        if not rig.legs:
            return
        self.last_groups[rig.place.partition] = list(rig.legs)
        for leg in rig.legs:
            self.queues[leg.src_partition, leg.dst_partition].append(leg)
        rig.legs.clear()
