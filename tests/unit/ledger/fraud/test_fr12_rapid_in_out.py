"""FR12: money out since the latest run of credits began, in percent of the run."""

import pytest

from tests.support.builders import MINUTE
from tests.support.given import accepted, given, opened, pay, topped_up, waited
from tests.unit.ledger.fraud.watched import BLOCKED, saw, watching

FEATURE = "rapid_in_out"


def after(*steps):
    people = (opened("alice", "bob", "carl"), topped_up("alice", 1_000), topped_up("bob", 1_000))
    return given(*people, *steps, rig=watching(FEATURE, 80))


@pytest.mark.parametrize(
    ("amount", "value", "verdict"),
    [(799, 79, accepted()), (800, 80, BLOCKED), (810, 81, BLOCKED)],
)
def test_value_against_band(amount, value, verdict):
    after().when(pay("alice", "carl", amount)).then(verdict, saw(value))


@pytest.mark.parametrize(("later", "value"), [(30 * MINUTE, 90), (30 * MINUTE + 1, 0)])
def test_thirty_minutes_after_the_last_credit_it_is_over(later, value):
    after(waited(later)).when(pay("alice", "carl", 900)).then(saw(value))


def test_a_wallet_that_never_was_credited():
    """It cannot pay either; what it tries is refused before any rule is asked."""
    start = given(opened("alice", "bob"), rig=watching(FEATURE, 80))
    decision = start.when(pay("alice", "bob", 1)).then()
    assert decision.risk is None


@pytest.mark.parametrize(("gap", "value"), [(30 * MINUTE, 30), (30 * MINUTE + 1, 60)])
def test_credits_close_to_each_other_are_one_run(gap, value):
    start = after(waited(gap), topped_up("alice", 1_000))
    start.when(pay("alice", "carl", 600)).then(saw(value))


def test_what_was_paid_before_the_run_is_not_part_of_it():
    start = after(pay("alice", "carl", 500), waited(31 * MINUTE), pay("bob", "alice", 100))
    start.when(pay("alice", "carl", 79)).then(accepted(), saw(79))


def test_everything_since_it_began_counts():
    start = after(pay("alice", "carl", 300), pay("alice", "carl", 400))
    start.when(pay("alice", "carl", 100)).then(BLOCKED, saw(80))
    start.when(pay("alice", "carl", 99)).then(accepted(), saw(79))
