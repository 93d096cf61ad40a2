"""FR28: how far a sale is above the mean of the last 20, in 0.01 deviations."""

import pytest

from tests.support.given import accepted
from tests.unit.ledger.fraud.merchants.selling import kept, sale, sales, saw, shop

FEATURE = "ticket_sigmas"
USUAL = (sales(10, 90), sales(10, 110))  # mean 100, deviation 10


@pytest.mark.parametrize(
    ("amount", "value", "reserve"),
    [(50, 0, 0), (100, 0, 0), (101, 10, 0), (130, 300, 0), (131, 310, 65), (200, 1_000, 100)],
)
def test_value_against_band(amount, value, reserve):
    start = shop(FEATURE, 301, *USUAL)
    start.when(sale(amount)).then(accepted(), saw(value), kept(reserve))


def test_fewer_than_twenty_sales_have_no_value():
    start = shop(FEATURE, 301, sales(10, 90), sales(9, 110))
    start.when(sale(10_000)).then(accepted(), saw(None), kept(0))


def test_amounts_all_alike_have_no_value():
    start = shop(FEATURE, 301, sales(20, 100))
    start.when(sale(10_000)).then(accepted(), saw(None), kept(0))


def test_only_the_last_twenty_count_whenever_they_were():
    start = shop(FEATURE, 301, sales(30, 10**6), *USUAL)
    start.when(sale(131)).then(accepted(), saw(310), kept(65))
