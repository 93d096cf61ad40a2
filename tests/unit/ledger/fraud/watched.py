"""What the tests of fraud features share: a rig whose one rule blocks from a value on."""

from schemas.messages.policy import Band, Rule
from schemas.messages.vocabulary import RejectionReason, RiskAction
from tests.support.builders import Rig, policy, ruleset
from tests.support.given import rejected

BLOCKED = rejected(RejectionReason.RISK_BLOCKED, "", attempted=True)


def watching(feature, low, high=None, *, structuring_at=(), **limits):
    """A rig that records the feature's value, and blocks inside the band."""
    bands = [Band(low, high, 0, RiskAction.BLOCK)]
    if low > 0:
        bands.insert(0, Band(0, low, 0, RiskAction.ALLOW))
    if high is not None:
        bands.append(Band(high, None, 0, RiskAction.ALLOW))
    rules = ruleset(Rule("FR", feature, tuple(bands), 0), structuring_at=structuring_at)
    return Rig(policy_=policy(limits=limits), ruleset_=rules)


def saw(value):
    """The feature's value was this; None = it had none."""

    def check(then):
        risk = then.decision.risk
        assert [each.value for each in risk.fired] == ([] if value is None else [value])
        assert len(risk.missing) == (1 if value is None else 0)

    return check
