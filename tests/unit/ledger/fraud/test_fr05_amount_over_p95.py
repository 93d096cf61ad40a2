"""FR05: amount above the wallet's own 95th percentile: no value yet, an explicit exit."""

from schemas.messages.policy import Band, Rule
from schemas.messages.vocabulary import RejectionReason, RiskAction
from tests.support.builders import Rig, ruleset
from tests.support.given import accepted, given, opened, pay, rejected, topped_up

BANDS = (Band(1, None, 150, RiskAction.BLOCK),)


def after(missing_weight):
    rig = Rig(ruleset_=ruleset(Rule("FR05", "amount_over_p95", BANDS, missing_weight)))
    return given(opened("alice", "bob"), topped_up("alice", 1_000), rig=rig)


def test_it_is_listed_as_missing_and_weighs_nothing():
    risk = after(0).when(pay("alice", "bob", 1)).then(accepted()).risk
    assert (risk.missing, risk.score, risk.fired) == (("amount_over_p95",), 0, ())


def test_its_missing_weight_is_data():
    decision = after(700).when(pay("alice", "bob", 1)).then(rejected(RejectionReason.RISK_BLOCKED))
    assert [(each.value, each.weight) for each in decision.risk.fired] == [(None, 700)]
