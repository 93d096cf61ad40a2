"""The catalogue's rows of treasury, adjustments, conversions, interest and residuals."""

import pytest

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
    SweepResidual,
    TopUp,
)
from schemas.messages.control import SetRates
from schemas.messages.policy import FxRate
from schemas.messages.vocabulary import (
    AdjustmentDirection,
    Authority,
    Tier,
    TreasuryFlow,
    WalletKind,
)
from tests.support.builders import DAY, NOON, fees, policy
from tests.unit.ledger.catalogue_rows import ADJUSTMENTS, OWN_MONEY, TREASURY
from tests.unit.ledger.catalogued import Journal

NAMES = {"sue": "s", "xeno": "x", "rob-1": "r", "energy": "b"}
BOTH = ("EUR", "USD")
GOOD = AdjustmentDirection.CREDIT_WALLET
# Steps that only the bank side of a flow knows: what the table books, and how it is said.
RAILS = {
    "F1.2": "card",
    "F2.4": "ach",
    "F2c.2": "ach",
    "F2c.5": "ach",
    "F2c.9": "card",
    "F3.3": "ach",
    "F3c.3": "ach",
    "F3c.4": "ach",
    "F10.2": "card",
    "F10b.2": "card",
    "F10b.3": "card",
    "F14.2": "energy",
    "F16.3": "sct",
    "F16b.1": "sct",
}


@pytest.fixture
def journal():
    made = Journal(NAMES, policy_=policy(fees=fees(100)))
    for wallet_id in ("sue", "xeno", "rob-1"):
        made.do(wallet_id, OpenWallet(WalletKind.CUSTOMER, Tier.BASIC, BOTH))
    made.do("bank", OpenWallet(WalletKind.TREASURY, Tier.BASIC, BOTH))
    yield made
    for rig in made.rigs:
        assert rig.view.sagas.rows == {}
        assert made.net("IB") == made.net("IB", "USD") == 0


def book(flow, amount, **more):
    """A bank step; its reference is its own name."""
    symbol = TreasuryFlow[flow.replace(".", "_")]
    bank = None if flow.startswith("F15.3") else "b1"
    values = {"account": bank, "rail": RAILS.get(flow), "cost": None, **more}
    currency = values.pop("currency", "EUR")
    return BookTreasury(symbol, currency, amount, f"ref {flow}", **values)


def test_every_row_of_these_families_is_driven():
    driven = {*SINGLE, "F0.1", "F0.2", "F1.2", "F1.3", "F15.2", "F15.3", "F19.1", "F19.2", "F19.3"}
    assert driven == set(TREASURY)
    assert set(ADJUSTMENTS) == {"F2c.8", "F20.1"}
    assert set(OWN_MONEY) == {"F15.1", "F18.1", "F18.2", "F21.1"}


def test_f0_opening_balances_and_their_bank(journal):
    journal.do("sue", MigrateBalance("EUR", 5_000_00, "old 1"))
    journal.do("bank", book("F0.2", 5_000_00))
    assert journal.seen == ["F0.1", "F0.2"]
    assert journal.net("EQ.OPEN") == 0


def test_f1_card_top_up_to_the_bank(journal):
    journal.do("sue", TopUp("EUR", 100_00, "card", "t1"))
    journal.do("bank", book("F1.2", 100_00, cost=1_40))
    assert journal.net("RAIL.RCV") == 0
    journal.do("bank", book("F1.3", 40))
    assert journal.seen == ["F1.2", "F1.3"]
    assert journal.net("BANK.SAFE") == 99_00  # what customers have


# Flow -> amount, where other families begin what the bank ends.
SINGLE = {
    "F2.4": 200_00,
    "F2c.2": 70_00,
    "F2c.5": 70_00,
    "F2c.6": 40_00,
    "F2c.9": 15_00,
    "F3.3": 100_00,
    "F3c.3": 100_00,
    "F3c.4": 100_00,
    "F10.2": 100_00,
    "F10.3": 100_00,
    "F10.4": 15_00,
    "F10.6": 100_00,
    "F10b.2": 100_00,
    "F10b.3": 100_00,
    "F14.2": 80_00,
    "F16.3": 184_45,
    "F16b.1": 184_45,
    "F17.3": 1_00,
    "F17p.4": 60,
    "F18.3": 10,
    "F20.2": 5_00,
    "F22.1": 10_00,
}


@pytest.mark.parametrize("flow", SINGLE)
def test_bank_side(journal, flow):
    journal.do("bank", book(flow, SINGLE[flow]))
    assert journal.seen == [flow]


def test_bank_sides_that_undo_each_other_leave_nothing(journal):
    for flow in ("F2c.2", "F2c.5", "F3c.3", "F3c.4", "F10b.2", "F10b.3", "F16.3", "F16b.1"):
        journal.do("bank", book(flow, SINGLE[flow]))
    for account in ("RAIL.RCV", "RAIL.PAY", "RAIL.CHB", "BANK.SAFE"):
        assert journal.net(account) == 0


def test_f15_conversion_hedge_and_difference(journal):
    rates = SetRates("noon", (FxRate("EUR", 10**9), FxRate("USD", 921_466_000)), NOON + DAY)
    for rig in journal.rigs:
        assert rig.control(rates).reason is None
    journal.given("sue", MigrateBalance("EUR", 100_00, "old 1"))
    quote = Convert("EUR", "USD", 100_00, 107_98, 1_085_227_000, "q1", NOON + DAY)
    journal.do("sue", quote)
    hedge = book("F15.2", 107_98, currency="USD", other_currency="EUR", other_amount=99_43)
    journal.do("bank", hedge)
    journal.do("bank", book("F15.3", 7))
    assert journal.seen == ["F15.1", "F15.2", "F15.3"]
    assert journal.net("FX.POS") == journal.net("FX.POS", "USD") == 0


@pytest.mark.parametrize("owner", ["rob-1", "rob"])
def test_f19_suspense_to_its_owner(journal, owner):
    """On another partition, and on the treasury's own."""
    journal.names = {owner: "r"}
    if owner == "rob":
        journal.do("rob", OpenWallet(WalletKind.CUSTOMER, Tier.BASIC, BOTH))
    journal.do("bank", book("F19.1", 77_00))
    journal.do("bank", AllocateSuspense("ref F19.1", owner, "EUR", 77_00))
    assert journal.seen == ["F19.1", "F19.2", "F19.3"]
    assert journal.net("SUSP") == 0


def test_f20_and_f2c8_adjustments(journal):
    journal.do("sue", adjustment("EXP.GOODWILL", 5_00), "good")
    journal.do("sue", ApproveAdjustment("good", "bea"))
    journal.given("xeno", adjustment("RCV.CUST", 25_00), "lent")
    journal.given("xeno", ApproveAdjustment("lent", "bea"))
    assert journal.net("RCV.CUST") == 25_00
    journal.do("xeno", adjustment("EXP.WRITEOFF", 25_00), "off")
    journal.do("xeno", ApproveAdjustment("off", "bea"))
    assert journal.seen == ["F20.1", "F2c.8"]
    assert journal.net("RCV.CUST") == 0


def adjustment(account, amount):
    return ProposeAdjustment(account, "EUR", amount, GOOD, "sorry", "T-1", "ann")


def test_f18_interest(journal):
    journal.do("sue", AccrueInterest("EUR", 10, "2025-06"))
    journal.do("sue", PayInterest("EUR", 10, "2025-06"))
    assert journal.seen == ["F18.1", "F18.2"]
    assert journal.net("INT.PAY") == 0


def test_f21_residual(journal):
    journal.given("rob-1", MigrateBalance("EUR", 227_00, "old 1"))
    journal.do("rob-1", SweepResidual("EUR", Authority.COMPLIANCE))
    assert journal.seen == ["F21.1"]
