"""FR11: the most wallets that paid this one amounts within 10 % of each other in 24 hours."""

import pytest

from tests.support.builders import DAY
from tests.support.given import accepted, given, opened, pay, topped_up, waited
from tests.unit.ledger.fraud.watched import BLOCKED, saw, watching

FEATURE = "similar_senders_24h"
MANY = tuple(f"from{number}" for number in range(8))


def after(*amounts):
    people = (opened("alice", "bob", *MANY), *[topped_up(each, 5_000) for each in ("alice", *MANY)])
    payments = [pay(each, "alice", amount) for each, amount in zip(MANY, amounts, strict=False)]
    return given(*people, *payments, rig=watching(FEATURE, 5))


@pytest.mark.parametrize(
    ("amounts", "value", "verdict"),
    [
        ((), 0, accepted()),
        ((100,), 1, accepted()),
        ((100, 90), 2, accepted()),
        ((100, 89), 1, accepted()),
        ((90, 100, 110), 3, accepted()),  # around the one in the middle
        ((89, 100, 112), 1, accepted()),
        ((100, 110, 121), 3, accepted()),
        ((101, 112), 2, accepted()),  # 10 % of the larger is enough
        ((9, 10), 2, accepted()),
        ((8, 9), 1, accepted()),
        ((1_000, 50, 1_001, 60, 1_002, 1_003), 4, accepted()),
        ((1_000, 50, 1_001, 60, 1_002, 1_003, 1_004), 5, BLOCKED),
    ],
)
def test_value_against_band(amounts, value, verdict):
    after(*amounts).when(pay("alice", "bob", 1)).then(verdict, saw(value))


def test_of_each_sender_the_latest_counts():
    start = after(100, 100, 100)
    start.when(pay("from0", "alice", 500)).then(accepted())
    start.when(pay("alice", "bob", 1)).then(saw(2))
    start.when(pay("from0", "alice", 95)).then(accepted())
    start.when(pay("alice", "bob", 1)).then(saw(3))


@pytest.mark.parametrize(("later", "value"), [(DAY - 1, 3), (DAY, 1)])
def test_a_day_later_it_is_forgotten(later, value):
    start = after(100, 100)
    start.when(waited(later))
    start.when(pay("from5", "alice", 100)).then(accepted())
    start.when(pay("alice", "bob", 1)).then(saw(value))
