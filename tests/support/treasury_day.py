"""What a treasury does on a random day, and what people do with adjustments, currencies, interest.

Owns: the operations of these families, mixed into `tests.support.strategies.World`.
Never: a rule.
"""

from hypothesis import strategies as st

from schemas.messages.commands import (
    AccrueInterest,
    AllocateSuspense,
    ApproveAdjustment,
    BookTreasury,
    Convert,
    MigrateBalance,
    OpenWallet,
    PayInterest,
    ProposeAdjustment,
    RejectAdjustment,
    SweepResidual,
)
from schemas.messages.control import SetRates
from schemas.messages.policy import FxRate
from schemas.messages.vocabulary import (
    AdjustmentDirection,
    Authority,
    Tier,
    TransactionKind,
    TreasuryFlow,
    WalletKind,
)
from tests.support.builders import DAY, HOUR

TREASURY = "bank-1"
# How often in a hundred operations.
TREASURY_KINDS = {
    "migrate": 1,
    "book": 3,
    "receive": 2,
    "allocate": 5,
    "propose": 3,
    "decide": 5,
    "rates": 1,
    "convert": 5,
    "interest": 3,
    "sweep": 1,
}
PEOPLE = ("ann", "bea", "cid")
ACCOUNTS = ("EXP.GOODWILL", "REV.P2P", "SUSP", "RCV.CUST", "W.LIEN", "EXP.WRITEOFF", "FX.POS")


def family_bodies(wallet_ids, texts, longs):
    """Any well-typed command of these families, sensible or not."""
    maybe_text, maybe_long = st.none() | texts, st.none() | longs
    accounts = st.sampled_from(ACCOUNTS) | texts
    directions = st.sampled_from(AdjustmentDirection)
    flows = st.sampled_from(TreasuryFlow)
    places = (maybe_text, maybe_text, maybe_long, maybe_text, maybe_long)
    return (
        st.builds(MigrateBalance, texts, longs, texts),
        st.builds(BookTreasury, flows, texts, longs, texts, *places),
        st.builds(AllocateSuspense, texts, wallet_ids, texts, longs),
        st.builds(
            ProposeAdjustment, accounts, texts, longs, directions, texts, texts, texts, maybe_text
        ),
        st.builds(ApproveAdjustment, texts, texts),
        st.builds(RejectAdjustment, texts, texts),
        st.builds(Convert, texts, texts, longs, longs, longs, texts, longs),
        st.builds(AccrueInterest, texts, longs, texts),
        st.builds(PayInterest, texts, longs, texts),
        st.builds(SweepResidual, texts, st.sampled_from(Authority)),
    )


def rate_tables(texts, longs):
    """Any well-typed rate table."""
    rates = st.lists(st.builds(FxRate, texts, longs), max_size=3).map(tuple)
    return st.builds(SetRates, texts, rates, longs)


class TreasuryDay:
    """Operations of a world that has a treasury wallet; `random` and `_order` are the world's."""

    def open_treasury(self):
        """A treasury on partition 1, an unidentified receipt and a rate table everywhere."""
        rig = self.home(TREASURY)
        opened = OpenWallet(WalletKind.TREASURY, Tier.BASIC, ("EUR", "USD"))
        rig.command(TREASURY, opened, "start")
        for desk in ("desk", "desk-2"):
            self.home(desk).command(desk, opened, "start")
        receipt = BookTreasury(TreasuryFlow.F19_1, "EUR", 3_000, "r0", "safe", None)
        rig.command(TREASURY, receipt, "start-receipt")
        for each in self.rigs:
            each.control(self._table(each), "start-rates")

    def _table(self, rig):
        dollar = self.random.choice((900_000_000, 920_000_000, 905_000_000))
        until = rig.at + self.random.choice((HOUR, DAY, 30 * DAY))
        return SetRates("table", (FxRate("EUR", 10**9), FxRate("USD", dollar)), until)

    def _rates(self):
        rig = self.random.choice(self.rigs)
        self._fire_due()
        rig.control(self._table(rig), f"rates{self.random.randrange(20)}")

    def _treasury(self):
        return self.random.choice((*[TREASURY] * 9, "alice"))

    def _migrate(self):
        amount = self.random.choice((50, 4_000, 0))
        reference = str(self.random.randrange(20))
        wallet_id = self.random.choice((self._wallet(), TREASURY))
        self._order(wallet_id, MigrateBalance(self._currency(), amount, reference))

    def _book(self):
        flow = self.random.choice(tuple(TreasuryFlow))
        fits = self.random.random() < 0.9
        text = flow.name
        self._order(
            self._treasury(),
            BookTreasury(
                flow,
                self._currency(),
                self._amount(),
                str(self.random.randrange(30)),
                None if text.startswith("F15_3") and fits else "safe",
                self._rail(text) if fits else "tram",
                self.random.choice((None, 3, 100)) if text == "F1_2" or not fits else None,
                *((self._currency(), 77) if text == "F15_2" and fits else (None, None)),
            ),
        )

    def _rail(self, text):
        step = text.partition("_")[0]
        cleared = {"F2": "ach", "F2c": "ach", "F3": "ach", "F3c": "ach", "F10b": "card"}
        cleared |= {"F14": "energy", "F16": "sct", "F16b": "sct"}
        none = ("F2c_6", "F10_3", "F10_4", "F10_6")
        if text in none or (step in ("F1", "F10") and text not in ("F1_2", "F10_2")):
            return None
        return cleared.get(step, "card" if text in ("F1_2", "F10_2") else None)

    def _receive(self):
        reference = f"r{self.random.randrange(12)}"
        amount = self.random.choice((100, 500, 3_000))
        body = BookTreasury(TreasuryFlow.F19_1, self._currency(), amount, reference, "safe", None)
        self._order(self._treasury(), body)

    def _allocate(self):
        to = self.random.choice(("nobody", "nobody-2", TREASURY, *("alice", "carl-1", "eve-2") * 4))
        reference = f"r{self.random.randrange(4)}"
        amount = self.random.choice((1, 100, 250, 3_000, 0))
        self._order(self._treasury(), AllocateSuspense(reference, to, self._currency(), amount))

    def _propose(self):
        wallet_id = self.random.choice((*("alice", "carl-1") * 4, self._wallet(), TREASURY))
        account = self.random.choices(ACCOUNTS, (4, 1, 2, 4, 4, 4, 1))[0]
        direction = self.random.choice(tuple(AdjustmentDirection))
        amount = self.random.choice((5, 50, 50, 50, 1_000, 4_000, 0))
        maker = self.random.choice(PEOPLE)
        corrects = self.random.choice((None, None, self._adjustment(wallet_id)))
        currency = self._currency()
        body = ProposeAdjustment(
            account, currency, amount, direction, "sorry", "T-1", maker, corrects
        )
        self._order(wallet_id, body)

    def _adjustment(self, wallet_id=None):
        """An adjustment, of a wallet when one is named; an unknown id when there is none."""
        found = [
            key
            for rig in self.rigs
            for key, row in rig.view.transactions.rows.items()
            if row.kind is TransactionKind.ADJUSTMENT
            and wallet_id in (None, key[0])
            and (row.due > 0) is (wallet_id is None)
        ]
        key = self.random.choice(found[-3:] or [("alice", "unknown")])
        return key if wallet_id is None else key[1]

    def _decide(self):
        wallet_id, adjustment_id = self._adjustment()
        kind = self.random.choice((*(ApproveAdjustment,) * 5, RejectAdjustment))
        self._order(wallet_id, kind(adjustment_id, self.random.choice(PEOPLE)))

    def _convert(self):
        sold, bought = self.random.choice((*(("EUR", "USD"), ("USD", "EUR")) * 4, ("EUR", "EUR")))
        sell = self.random.choice((100, 400, 400, 999, 999, 4_001, 0))
        # Euros to dollars at about 0.9 a dollar, with a spread that is sometimes not enough.
        part = self.random.choice((98, 99, 99, 100, 103))
        buy = sell * part // 90 if sold == "EUR" else sell * part * 90 // 10_000
        mid = self.random.choice((1_111_111_111, 1_100_000_000)) if sold == "EUR" else 900_000_000
        wallet_id = self.random.choice((*[self._wallet()] * 9, TREASURY))
        until = self.home(wallet_id).at + self.random.choice((-1, HOUR, 2 * DAY, 2 * DAY))
        self._order(wallet_id, Convert(sold, bought, sell, buy, mid, "q", until))

    def _interest(self):
        kind = self.random.choice((AccrueInterest, AccrueInterest, PayInterest))
        wallet_id = self.random.choice((*("alice", "dora-1") * 4, TREASURY))
        amount = self.random.choice((1, 10, 0))
        self._order(wallet_id, kind(self._currency(), amount, "2025-06"))

    def _sweep(self):
        authority = self.random.choice(tuple(Authority))
        self._order(self._wallet(), SweepResidual(self._currency(), authority))
