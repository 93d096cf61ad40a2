"""FR20: the same count, of a payment without strong authentication."""

import pytest

from schemas.messages.vocabulary import Authentication, RejectionReason, RiskAction
from streams.wallet.genesis import genesis_ruleset
from tests.support.builders import DAY, Rig, policy
from tests.support.given import accepted, given, opened, pay, rejected, topped_up, waited
from tests.unit.ledger.fraud.told import after, told
from tests.unit.ledger.fraud.watched import BLOCKED, pays, saw

FEATURE = "unproven_device_parties"
STRONG = Authentication.STRONG


@pytest.mark.parametrize(("value", "verdict"), [(5, accepted()), (6, BLOCKED), (32, BLOCKED)])
def test_value_against_band(value, verdict):
    start = after(FEATURE, 6, told(value))
    start.when(pays("alice", "bob", 1, device_id="phone")).then(verdict, saw(value))


@pytest.mark.parametrize(
    ("how", "value"), [(Authentication.UNSAID, 6), (Authentication.NONE, 6), (STRONG, 0)]
)
def test_strong_authentication_settles_it(how, value):
    start = after(FEATURE, 7, told(6))
    start.when(pays("alice", "bob", 1, device_id="phone", authentication=how)).then(saw(value))


def test_where_nothing_was_told_it_is_nothing():
    start = after(FEATURE, 6, told(6, "tablet"))
    start.when(pays("alice", "bob", 1, device_id="phone")).then(accepted(), saw(0))
    start.when(pay("alice", "bob", 1)).then(accepted(), saw(0))


def test_the_genesis_asks_whoever_shares_a_device_with_five_others():
    rig = Rig(policy_=policy(), ruleset_=genesis_ruleset())
    start = given(
        opened("alice", "bob"), topped_up("alice", 1_000), waited(8 * DAY), told(6), rig=rig
    )
    refusal = rejected(RejectionReason.STEP_UP_REQUIRED, "", attempted=True)
    decision = start.when(pays("alice", "bob", 1, device_id="phone")).then(refusal)
    fired = {(each.rule_id, each.feature): each for each in decision.risk.fired}
    assert fired["FR20", "device_parties"].weight == 150
    assert fired["FR20", FEATURE].action is RiskAction.STEP_UP
    assert {"SYN", "MULE"} <= {each.typology_id for each in decision.risk.typologies}
    proven = pays("alice", "bob", 1, device_id="phone", authentication=STRONG)
    start.rig.wait(DAY)  # at once it would look like a program that tries again
    start.when(proven).then(accepted())
