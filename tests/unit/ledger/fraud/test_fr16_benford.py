"""FR16: first digits of the last 100 amounts against Benford's law."""

from math import log10

import pytest

from tests.support.given import accepted, given, opened, pay, topped_up
from tests.unit.ledger.fraud.watched import BLOCKED, watching

FEATURE = "benford"
NEVER = 10**9  # history is made without being blocked
# Benford's shares of 100, as whole numbers.
LAWFUL = (30, 18, 12, 10, 8, 7, 6, 5, 4)


def after(*digits):
    people = (opened("alice", "bob"), topped_up("alice", 1_000_000))
    steps = [pay("alice", "bob", digit) for digit in digits]
    start = given(*people, *steps, rig=watching(FEATURE, NEVER))
    start.rig.genesis = watching(FEATURE, 15_508).genesis
    return start


def of(counts):
    return [digit for digit, count in enumerate(counts, 1) for _ in range(count)]


def chi_square(counts):
    """The textbook's formula, in fractions of thousandths."""
    total = sum(counts)
    shares = [log10(1 + 1 / digit) for digit in range(1, 10)]
    return 1_000 * sum(
        (n - total * p) ** 2 / (total * p) for n, p in zip(counts, shares, strict=True)
    )


@pytest.mark.parametrize(
    ("counts", "verdict"),
    [(LAWFUL, accepted()), ((11,) * 9, BLOCKED), ((0, 0, 0, 0, 100, 0, 0, 0, 0), BLOCKED)],
)
def test_value_is_the_textbooks(counts, verdict):
    start = after(*of(counts))
    start.when(pay("alice", "bob", 1)).then(verdict)
    (fired,) = start.rig.log[-1][0].risk.fired
    assert fired.value == pytest.approx(chi_square(counts), abs=15, rel=2e-4)


def test_just_below_and_just_above_the_band():
    """Of 60 amounts a few more begin with a five."""
    values = []
    for fives in range(4, 20):
        start = after(*of((20, 11, 8, 6, fives, 4, 3, 3, 2)))
        decision = start.when(pay("alice", "bob", 1)).then()
        values.append((decision.risk.fired[0].value, decision.outcome.name))
    assert {name for value, name in values if value < 15_508} == {"ACCEPTED"}
    assert {name for value, name in values if value >= 15_508} == {"REJECTED"}


@pytest.mark.parametrize(("count", "missing"), [(49, True), (50, False)])
def test_fewer_than_fifty_have_no_value(count, missing):
    start = after(*of(LAWFUL)[:count])
    decision = start.when(pay("alice", "bob", 1)).then()
    assert (decision.risk.missing == (FEATURE,)) is missing


def test_only_the_last_hundred_count():
    start = after(*[9] * 30, *of(LAWFUL))
    start.when(pay("alice", "bob", 1)).then(accepted())


@pytest.mark.parametrize(("amount", "digit"), [(1, 1), (19, 1), (200_000, 2), (9_999, 9)])
def test_the_first_digit_of_an_amount(amount, digit):
    start = after(amount)
    assert start.rig.view.profiles.get("alice").digits == bytes((digit,))
