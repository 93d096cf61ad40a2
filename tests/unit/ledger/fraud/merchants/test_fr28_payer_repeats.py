"""FR28: how many of a merchant's last 20 sales the same wallet paid that pays this one."""

import pytest

from tests.support.given import accepted
from tests.unit.ledger.fraud.merchants.selling import kept, sale, sales, saw, shop

FEATURE = "payer_repeats"


@pytest.mark.parametrize(
    ("count", "value", "reserve"),
    [(9, 9, 0), (10, 10, 500), (11, 11, 500), (20, 20, 500), (21, 20, 500)],
)
def test_value_against_band(count, value, reserve):
    start = shop(FEATURE, 10, sales(5, payer="bob"), sales(count))
    start.when(sale()).then(accepted(), saw(value), kept(reserve))


def test_another_payer_is_no_repeat():
    start = shop(FEATURE, 10, sales(15), sales(5, payer="bob"))
    start.when(sale(payer="carl")).then(accepted(), saw(0), kept(0))
    start.when(sale(payer="bob")).then(accepted(), saw(5), kept(0))


def test_a_first_sale_repeats_nothing():
    shop(FEATURE, 10).when(sale()).then(accepted(), saw(0), kept(0))
