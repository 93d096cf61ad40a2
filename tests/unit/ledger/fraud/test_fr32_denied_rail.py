"""FR32: whether the ruleset denies the rail that money is to leave by."""

import pytest

from schemas.messages.commands import Withdraw
from tests.support.given import accepted, command, given, opened, pay, topped_up
from tests.unit.ledger.fraud.watched import BLOCKED, saw, watching

FEATURE = "denied_rail"


def after(*denied):
    rig = watching(FEATURE, 1, data={"denied_rails": denied})
    return given(opened("alice", "bob"), topped_up("alice", 100), rig=rig)


@pytest.mark.parametrize(
    ("denied", "value", "verdict"),
    [
        ((), 0, accepted()),
        (("swift",), 0, accepted()),
        (("swift", "ach"), 1, BLOCKED),
    ],
)
def test_value_against_band(denied, value, verdict):
    asked = command("alice", Withdraw("EUR", 5, "ach", "NL91"))
    after(*denied).when(asked).then(verdict, saw(value))


def test_what_stays_inside_leaves_by_none():
    after("ach").when(pay("alice", "bob", 1)).then(accepted(), saw(0))
