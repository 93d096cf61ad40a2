"""FR32: whether the ruleset denies the merchant category that is paid."""

import pytest

from tests.support.given import accepted, given, opened, pay, topped_up
from tests.unit.ledger.fraud.watched import BLOCKED, pays, saw, watching

FEATURE = "denied_mcc"


def after(*denied):
    rig = watching(FEATURE, 1, data={"denied_mccs": denied})
    return given(opened("alice", "bob"), topped_up("alice", 100), rig=rig)


@pytest.mark.parametrize(
    ("said", "value", "verdict"),
    [("5411", 0, accepted()), ("7995", 1, BLOCKED), ("", None, accepted())],
)
def test_value_against_band(said, value, verdict):
    after("4829", "7995").when(pays("alice", "bob", 1, mcc=said)).then(verdict, saw(value))


def test_where_nothing_is_denied_nobody_has_to_say():
    after().when(pay("alice", "bob", 1)).then(accepted(), saw(0))
    after().when(pays("alice", "bob", 1, mcc="7995")).then(accepted(), saw(0))


def test_a_caller_who_says_nothing_at_all_gives_no_value():
    after("7995").when(pay("alice", "bob", 1)).then(accepted(), saw(None))
