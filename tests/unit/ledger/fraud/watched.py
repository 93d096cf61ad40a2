"""What the tests of fraud features share: a rig whose one rule blocks from a value on."""

from schemas.messages.commands import Origin, TopUp, Transfer
from schemas.messages.legs import Leg
from schemas.messages.policy import Band, Rule
from schemas.messages.vocabulary import LegKind, RejectionReason, RiskAction
from tests.support.builders import Rig, policy, ruleset
from tests.support.given import command, rejected

BLOCKED = rejected(RejectionReason.RISK_BLOCKED, "", attempted=True)


def watching(feature, low, high=None, *, data=None, **limits):
    """A rig that records the feature's value, and blocks inside the band; `data` of the ruleset."""
    bands = [Band(low, high, 0, RiskAction.BLOCK)]
    if low > 0:
        bands.insert(0, Band(0, low, 0, RiskAction.ALLOW))
    if high is not None:
        bands.append(Band(high, None, 0, RiskAction.ALLOW))
    rules = ruleset(Rule("FR", feature, tuple(bands), 0), **(data or {}))
    return Rig(policy_=policy(limits=limits), ruleset_=rules)


def saw(value):
    """The feature's value was this; None = it had none."""

    def check(then):
        risk = then.decision.risk
        assert [each.value for each in risk.fired] == ([] if value is None else [value])
        assert len(risk.missing) == (1 if value is None else 0)

    return check


def by_card(wallet_id, amount, token):
    """Money came in by a card with a token."""

    def step(rig):
        reference = f"ref{len(rig.log)}"
        return rig.command(wallet_id, TopUp("EUR", amount, "card", reference), origin=Origin(token))

    return step


def from_elsewhere(sender, wallet_id, amount, purpose):
    """The first leg of partition 1 brings money."""
    name = (1, 1, 1, "t", purpose, sender, wallet_id, "EUR", amount)
    return lambda rig: rig.leg(Leg(LegKind.CREDIT, 1, 0, *name))


def pays(wallet_id, to, amount, **origin):
    """A transfer of which the caller says where it comes from."""
    return command(wallet_id, Transfer(to, "EUR", amount), origin=Origin(**origin))
