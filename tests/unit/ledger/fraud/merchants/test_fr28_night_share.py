"""FR28: how many percent of a merchant's last 20 sales came at night."""

import pytest

from tests.support.builders import HOUR
from tests.support.given import accepted, waited
from tests.unit.ledger.fraud.merchants.selling import kept, sale, sales, saw, shop

FEATURE = "night_share"
MIDNIGHT = 10 * HOUR  # it is 14:00 when a rig begins


@pytest.mark.parametrize(
    ("nights", "value", "reserve"), [(0, 0, 0), (10, 50, 0), (11, 55, 500), (20, 100, 500)]
)
def test_value_against_band(nights, value, reserve):
    by_night = (waited(MIDNIGHT), sales(nights)) if nights else ()
    start = shop(FEATURE, 51, sales(20), *by_night)
    start.when(sale()).then(accepted(), saw(value), kept(reserve))


@pytest.mark.parametrize(
    ("pause", "value"),
    [(MIDNIGHT - 1, 0), (MIDNIGHT, 100), (MIDNIGHT + 5 * HOUR - 1, 100), (MIDNIGHT + 5 * HOUR, 0)],
)
def test_night_is_from_midnight_to_five(pause, value):
    shop(FEATURE, 51, waited(pause), sales(20)).when(sale()).then(accepted(), saw(value))


def test_fewer_than_twenty_sales_have_no_value():
    start = shop(FEATURE, 51, waited(MIDNIGHT), sales(19))
    start.when(sale()).then(accepted(), saw(None), kept(0))
    start.when(sale()).then(accepted(), saw(100), kept(500))
