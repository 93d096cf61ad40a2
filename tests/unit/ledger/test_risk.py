"""Scores: of all rules and of typologies; the strongest action of all of them is taken."""

import pytest

from schemas.messages.decisions import TypologyScore
from schemas.messages.policy import Band, Rule, Typology, TypologyShare
from schemas.messages.vocabulary import RejectionReason, RiskAction, Stage
from tests.support.builders import Rig, ruleset
from tests.support.given import accepted, given, opened, pay, rejected, topped_up

ALLOW = RiskAction.ALLOW
NEW = Rule("FR05", "first_payment", (Band(1, None, 50, ALLOW),), 0)
NONE_BEFORE = Rule("FR07", "seconds_since_previous_out", (Band(0, 5, 60, ALLOW),), 40)


def typology(*shares, name="SCAM", step_up_at=300, review_at=500, block_at=700):
    made = tuple(TypologyShare(*share) for share in shares)
    return Typology(name, made, step_up_at, review_at, block_at)


def risk_of(*typologies, verdict=None, rules=(NEW, NONE_BEFORE)):
    """What a first payment is told: 50 for somebody new, 40 for the missing pause."""
    rig = Rig(ruleset_=ruleset(*rules, typologies=typologies))
    start = given(opened("alice", "bob"), topped_up("alice", 100), rig=rig)
    return start.when(pay("alice", "bob", 1)).then(verdict or accepted()).risk


def test_without_typologies_there_is_the_score_of_all():
    risk = risk_of()
    assert (risk.score, risk.typologies) == (90, ())


@pytest.mark.parametrize(
    ("shares", "score"),
    [
        ((("first_payment", 100),), 50),
        ((("first_payment", 100), ("seconds_since_previous_out", 100)), 90),
        ((("first_payment", 33),), 16),
        ((("first_payment", 200), ("seconds_since_previous_out", 1)), 100),
    ],
)
def test_a_typology_adds_up_its_shares_each_rounded_down(shares, score):
    assert risk_of(typology(*shares)).typologies == (TypologyScore("SCAM", score),)


def test_typologies_without_a_score_are_left_out():
    other = typology(("new_payees_24h", 100), name="SMURF")
    nothing = typology(("first_payment", 0), name="NONE")
    risk = risk_of(other, typology(("first_payment", 100)), nothing)
    assert risk.typologies == (TypologyScore("SCAM", 50),)


@pytest.mark.parametrize(
    ("thresholds", "verdict"),
    [
        ((51, 51, 51), accepted()),
        ((50, 51, 51), rejected(RejectionReason.STEP_UP_REQUIRED)),
        ((1, 50, 51), accepted(Stage.PENDING)),
        ((1, 1, 50), rejected(RejectionReason.RISK_BLOCKED)),
    ],
)
def test_the_thresholds_of_a_typology(thresholds, verdict):
    names = ("step_up_at", "review_at", "block_at")
    one = typology(("first_payment", 100), **dict(zip(names, thresholds, strict=True)))
    risk_of(one, verdict=verdict)


def test_the_strongest_of_all_actions_is_taken():
    step_up = typology(("first_payment", 100), step_up_at=50)
    shares = ("seconds_since_previous_out", 100)
    blocks = typology(shares, name="BOT", step_up_at=1, review_at=2, block_at=40)
    for both in ((step_up, blocks), (blocks, step_up)):
        risk = risk_of(*both, verdict=rejected(RejectionReason.RISK_BLOCKED))
        assert risk.action is RiskAction.BLOCK
        assert len(risk.typologies) == 2


def test_a_hard_action_holds_whatever_the_scores_say():
    hard = Rule("FR05", "first_payment", (Band(1, None, 0, RiskAction.STEP_UP),), 0)
    low = typology(("first_payment", 100))
    risk_of(low, rules=(hard,), verdict=rejected(RejectionReason.STEP_UP_REQUIRED))


def test_nothing_fired():
    risk = risk_of(typology(("first_payment", 100)), rules=())
    assert (risk.score, risk.fired, risk.typologies) == (0, (), ())


def test_a_missing_value_is_listed_and_its_weight_is_data():
    silent = Rule("FR07", "seconds_since_previous_out", (Band(0, 5, 60, ALLOW),), 0)
    risk = risk_of(rules=(silent,))
    assert (risk.missing, risk.score, risk.fired) == (("seconds_since_previous_out",), 0, ())
    loud = Rule("FR07", "seconds_since_previous_out", (Band(0, 5, 60, ALLOW),), 700)
    risk = risk_of(rules=(loud,), verdict=rejected(RejectionReason.RISK_BLOCKED))
    assert [(each.value, each.weight) for each in risk.fired] == [(None, 700)]
    assert risk.missing == ("seconds_since_previous_out",)
