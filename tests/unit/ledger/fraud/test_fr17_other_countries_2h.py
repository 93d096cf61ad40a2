"""FR17: other countries that this wallet paid from in the last 2 hours."""

import pytest

from streams.wallet.genesis import genesis_ruleset
from tests.support.builders import HOUR, Rig, policy
from tests.support.given import accepted, given, opened, pay, topped_up, waited
from tests.unit.ledger.fraud.watched import BLOCKED, pays, saw, watching

FEATURE = "other_countries_2h"


def after(*steps, low=1):
    people = (opened("alice", "bob"), topped_up("alice", 1_000))
    return given(*people, *steps, rig=watching(FEATURE, low))


def from_country(name):
    return pays("alice", "bob", 1, country=name)


@pytest.mark.parametrize(
    ("before", "value", "verdict"),
    [
        ((), 0, accepted()),
        (("NL",), 0, accepted()),
        (("BR",), 1, accepted()),
        (("", "BR", ""), 1, accepted()),
        (("NL", "BR"), 1, accepted()),
        (("BR", "CH"), 2, BLOCKED),
        (("BR", "CH", "BR"), 2, BLOCKED),
    ],
)
def test_value_against_band(before, value, verdict):
    start = after(*map(from_country, before), low=2)
    start.when(from_country("NL")).then(verdict, saw(value))


@pytest.mark.parametrize(
    ("pause", "value", "verdict"),
    [(2 * HOUR - 1, 1, BLOCKED), (2 * HOUR, 0, accepted()), (2 * HOUR + 1, 0, accepted())],
)
def test_what_was_two_hours_ago_is_over(pause, value, verdict):
    start = after(from_country("BR"), waited(pause))
    start.when(from_country("NL")).then(verdict, saw(value))


def test_the_latest_payment_from_a_country_counts():
    start = after(from_country("BR"), waited(HOUR), from_country("BR"), waited(2 * HOUR - 1))
    start.when(from_country("NL")).then(BLOCKED, saw(1))


def test_a_refused_payment_was_made_from_nowhere():
    start = after(from_country("BR"))
    start.when(from_country("NL")).then(BLOCKED)
    start.when(from_country("BR")).then(accepted(), saw(0))


def test_a_caller_who_does_not_say_it_gives_no_value_for_as_long_as_it_would_count():
    after().when(pay("alice", "bob", 1)).then(accepted(), saw(0))
    start = after(from_country("BR"), waited(2 * HOUR - 1))
    start.when(pay("alice", "bob", 1)).then(accepted(), saw(None))
    start.when(pays("alice", "bob", 1, device_id="phone")).then(accepted(), saw(None))
    start.when(waited(1))
    start.when(pay("alice", "bob", 1)).then(accepted(), saw(0))


def test_no_more_than_four_are_remembered_the_least_lately_used_leaves():
    start = after(*map(from_country, ("AT", "BE", "CH", "AT", "DE", "FR")), low=9)
    known = [each.country for each in start.rig.view.profiles.get("alice").countries]
    assert known == ["CH", "AT", "DE", "FR"]
    start.when(from_country("BE")).then(accepted(), saw(4))


def test_countries_of_earlier_journeys_leave_the_row():
    start = after(*map(from_country, ("AT", "BE")), waited(2 * HOUR), from_country("CH"), low=9)
    assert [each.country for each in start.rig.view.profiles.get("alice").countries] == ["CH"]


def test_the_genesis_weighs_it_for_a_wallet_that_was_taken_over():
    rig = Rig(policy_=policy(), ruleset_=genesis_ruleset())
    start = given(opened("alice", "bob"), topped_up("alice", 1_000), from_country("BR"), rig=rig)
    risk = start.when(from_country("NL")).then(accepted()).risk
    seen = [(each.value, each.weight) for each in risk.fired if each.rule_id == "FR17"]
    assert seen == [(1, 150)]
    assert {each.typology_id: each.score for each in risk.typologies}["ATO"] >= 150
