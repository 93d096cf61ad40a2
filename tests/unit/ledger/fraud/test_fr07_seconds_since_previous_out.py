"""FR07: seconds since the previous outgoing attempt."""

import pytest

from schemas.messages.commands import Transfer
from schemas.messages.policy import Band, Rule
from schemas.messages.vocabulary import RejectionReason, RiskAction
from tests.support.builders import DAY, NOON, SECOND, Rig, ruleset
from tests.support.given import (
    accepted,
    command,
    given,
    opened,
    pay,
    rejected,
    topped_up,
    waited,
)

BANDS = (Band(0, 5, 60, RiskAction.BLOCK),)
BLOCKED = rejected(RejectionReason.RISK_BLOCKED, "", attempted=True)
FEATURE = "seconds_since_previous_out"


def after(*steps):
    rig = Rig(ruleset_=ruleset(Rule("FR07", FEATURE, BANDS, 0)))
    return given(opened("alice", "bob", "carl"), topped_up("alice", 1_000), *steps, rig=rig)


def test_the_first_attempt_has_no_value():
    risk = after().when(pay("alice", "bob", 1)).then(accepted()).risk
    assert (risk.missing, risk.score) == ((FEATURE,), 0)


@pytest.mark.parametrize(
    ("pause", "verdict"),
    [
        (0, BLOCKED),
        (5 * SECOND - 1, BLOCKED),
        (5 * SECOND, accepted()),
        (5 * SECOND + 1, accepted()),
        (400 * DAY, accepted()),
    ],
)
def test_pause_against_band(pause, verdict):
    after(pay("alice", "bob", 1), waited(pause)).when(pay("alice", "carl", 1)).then(verdict)


def test_refused_attempts_count_as_previous():
    start = after(pay("alice", "bob", 1), waited(5 * SECOND))
    start.when(pay("alice", "bob", 5_000)).then(rejected(RejectionReason.INSUFFICIENT_FUNDS))
    start.when(pay("alice", "carl", 1)).then(BLOCKED)


def test_a_late_command_counts_when_it_is_decided():
    start = after(pay("alice", "bob", 1))
    late = command("alice", Transfer("carl", "EUR", 1), issued_at=NOON - DAY)
    start.when(late).then(BLOCKED)


def test_a_known_payee_counts_as_well():
    after(pay("alice", "bob", 1)).when(pay("alice", "bob", 1)).then(BLOCKED)
