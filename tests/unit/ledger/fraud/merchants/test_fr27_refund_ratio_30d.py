"""FR27: what a merchant refunded in 30 days, in thousandths of what it sold in them."""

import pytest

from tests.support.builders import DAY
from tests.support.given import accepted, waited
from tests.unit.ledger.fraud.merchants.selling import kept, refunds, sale, sales, saw, shop

FEATURE = "refund_ratio_30d"


@pytest.mark.parametrize(
    ("refunded", "value", "reserve"),
    [(0, 0, 0), (2_019, 100, 0), (2_020, 101, 500), (2_021, 101, 500), (20_000, 1_000, 500)],
)
def test_value_against_band(refunded, value, reserve):
    start = shop(FEATURE, 101, sales(20), refunds(refunded))
    start.when(sale()).then(accepted(), saw(value), kept(reserve))


def test_fewer_than_twenty_sales_have_no_value():
    start = shop(FEATURE, 101, sales(19), refunds(19_000))
    start.when(sale()).then(accepted(), saw(None), kept(0))
    start.when(sale()).then(accepted(), saw(950), kept(500))


@pytest.mark.parametrize(("pause", "value"), [(30 * DAY, 166), (31 * DAY, 0), (32 * DAY, 0)])
def test_a_refund_counts_on_its_day_and_the_thirty_after_it(pause, value):
    start = shop(FEATURE, 101, sales(4), refunds(4_000), waited(pause), sales(20))
    start.when(sale()).then(accepted(), saw(value))


def test_a_refund_of_an_earlier_sale_counts():
    start = shop(FEATURE, 101, sales(5), waited(31 * DAY), sales(20), refunds(5_000))
    start.when(sale()).then(accepted(), saw(250), kept(500))
