"""FR27: how many disputes were opened against a merchant in 30 days, in 0.01 % of its sales."""

import pytest

from schemas.messages.commands import WithdrawDispute
from schemas.messages.vocabulary import TransactionKind
from tests.support.builders import DAY
from tests.support.given import accepted, waited
from tests.unit.ledger.fraud.merchants.selling import disputes, kept, sale, sales, saw, shop

FEATURE = "dispute_ratio_30d"


@pytest.mark.parametrize(
    ("opened", "value", "reserve"), [(0, 0, 0), (1, 100, 0), (2, 200, 500), (3, 300, 500)]
)
def test_value_against_band(opened, value, reserve):
    start = shop(FEATURE, 101, sales(100), disputes(opened))
    start.when(sale()).then(accepted(), saw(value), kept(reserve))


def test_fewer_than_a_hundred_sales_have_no_value():
    start = shop(FEATURE, 101, sales(99), disputes(2))
    start.when(sale()).then(accepted(), saw(None), kept(0))
    start.when(sale()).then(accepted(), saw(200), kept(500))


@pytest.mark.parametrize(("pause", "value"), [(30 * DAY, 99), (31 * DAY, 0)])
def test_a_dispute_counts_on_its_day_and_the_thirty_after_it(pause, value):
    start = shop(FEATURE, 101, sales(1), disputes(1), waited(pause), sales(100))
    start.when(sale()).then(accepted(), saw(value))


def test_one_that_was_withdrawn_was_opened():
    start = shop(FEATURE, 101, sales(100), disputes(2))
    rows = start.rig.view.transactions.rows.items()
    for name in [key[1] for key, row in rows if row.kind is TransactionKind.DISPUTE]:
        start.rig.command("mart", WithdrawDispute(name))
    start.when(sale()).then(accepted(), saw(200), kept(500))
