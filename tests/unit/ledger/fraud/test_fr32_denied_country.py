"""FR32: whether the ruleset denies the country a command comes from."""

import pytest

from tests.support.given import accepted, given, opened, pay, topped_up
from tests.unit.ledger.fraud.watched import BLOCKED, pays, saw, watching

FEATURE = "denied_country"


def after(*denied):
    rig = watching(FEATURE, 1, data={"denied_countries": denied})
    return given(opened("alice", "bob"), topped_up("alice", 100), rig=rig)


@pytest.mark.parametrize(
    ("said", "value", "verdict"),
    [("NL", 0, accepted()), ("KP", 1, BLOCKED), ("", None, accepted())],
)
def test_value_against_band(said, value, verdict):
    after("IR", "KP").when(pays("alice", "bob", 1, country=said)).then(verdict, saw(value))


def test_where_nothing_is_denied_nobody_has_to_say():
    after().when(pay("alice", "bob", 1)).then(accepted(), saw(0))
    after().when(pays("alice", "bob", 1, country="KP")).then(accepted(), saw(0))


def test_a_caller_who_says_nothing_at_all_gives_no_value():
    after("KP").when(pay("alice", "bob", 1)).then(accepted(), saw(None))
