"""FR01: outgoing attempts of the last hour, this one included, refused ones too."""

import pytest

from schemas.messages.commands import Transfer
from schemas.messages.policy import Band, Rule
from schemas.messages.vocabulary import RejectionReason, RiskAction
from tests.support.builders import DAY, HOUR, NOON, Rig, ruleset
from tests.support.given import (
    accepted,
    command,
    given,
    opened,
    pay,
    place_hold,
    rejected,
    topped_up,
    void,
    waited,
)

# The fourth attempt is one too many.
BANDS = (Band(4, None, 10, RiskAction.BLOCK),)
BLOCKED = rejected(RejectionReason.RISK_BLOCKED, "", attempted=True)
WINDOW = HOUR


def after(*steps):
    rig = Rig(ruleset_=ruleset(Rule("FR01", "out_attempts_1h", BANDS, 0)))
    return given(opened("alice", "bob"), topped_up("alice", 1_000), *steps, rig=rig)


@pytest.mark.parametrize(("before", "verdict"), [(1, accepted()), (2, accepted()), (3, BLOCKED)])
def test_attempts_against_band(before, verdict):
    after(*[pay("alice", "bob", 1)] * before).when(pay("alice", "bob", 1)).then(verdict)


@pytest.mark.parametrize(
    ("later", "verdict"), [(WINDOW - 1, BLOCKED), (WINDOW, accepted()), (WINDOW + 1, accepted())]
)
def test_an_attempt_leaves_exactly_when_the_window_has_passed(later, verdict):
    start = after(*[pay("alice", "bob", 1)] * 3, waited(later))
    start.when(pay("alice", "bob", 1)).then(verdict)


def test_refused_attempts_count():
    start = after(pay("alice", "bob", 1))
    refused = rejected(RejectionReason.INSUFFICIENT_FUNDS, attempted=True)
    start.when(pay("alice", "bob", 5_000)).then(refused)
    start.when(pay("alice", "bob", 5_000)).then(refused)
    start.when(pay("alice", "bob", 1)).then(BLOCKED)


def test_a_given_back_attempt_still_counts():
    start = after(*[pay("alice", "bob", 1)] * 2, place_hold("alice", "bob", 1), void("alice"))
    start.when(pay("alice", "bob", 1)).then(BLOCKED)


def test_a_late_command_counts_when_it_is_decided():
    late = command("alice", Transfer("bob", "EUR", 1), issued_at=NOON - 30 * DAY)
    after(late, late, late).when(pay("alice", "bob", 1)).then(BLOCKED)
