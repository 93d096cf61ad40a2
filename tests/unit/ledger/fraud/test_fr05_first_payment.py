"""FR05: the first payment to a payee."""

from schemas.messages.policy import Band, Rule
from schemas.messages.vocabulary import RejectionReason, RiskAction
from tests.support.builders import DAY, Rig, ruleset
from tests.support.given import (
    accepted,
    capture,
    given,
    opened,
    pay,
    place_hold,
    rejected,
    topped_up,
    waited,
)

NOTED = (Band(1, None, 50, RiskAction.ALLOW),)


def after(*steps, bands=NOTED):
    rig = Rig(ruleset_=ruleset(Rule("FR05", "first_payment", bands, 0)))
    return given(opened("alice", "bob"), topped_up("alice", 1_000), *steps, rig=rig)


def test_the_first_payment_adds_its_weight():
    decision = after().when(pay("alice", "bob", 1)).then(accepted())
    assert [(each.value, each.weight) for each in decision.risk.fired] == [(1, 50)]


def test_the_second_does_not_however_late():
    decision = after(pay("alice", "bob", 1), waited(400 * DAY)).when(pay("alice", "bob", 1)).then()
    assert (decision.risk.score, decision.risk.fired) == (0, ())


def test_a_hold_makes_its_payee_known():
    start = after(place_hold("alice", "bob", 5), capture("alice", 5))
    assert start.when(pay("alice", "bob", 1)).then(accepted()).risk.score == 0


def test_a_hard_action_stops_it():
    start = after(bands=(Band(1, None, 0, RiskAction.STEP_UP),))
    refused = rejected(RejectionReason.STEP_UP_REQUIRED, "", attempted=True)
    start.when(pay("alice", "bob", 1)).then(refused)
