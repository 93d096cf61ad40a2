"""What several examples of the core share: two partitions that talk, a ruleset that holds back."""

from schemas.messages.decisions import Decision
from schemas.messages.policy import Band, Rule
from schemas.messages.vocabulary import RiskAction
from tests.support.builders import ruleset

# Every first payment to somebody waits for a reviewer.
REVIEW_NEW = ruleset(Rule("FR05", "first_payment", (Band(1, None, 500, RiskAction.ALLOW),), 0))


def carried(sender, receiver):
    """Deliver all that one partition sent to the other; return the last Decision."""
    decision = None
    while sender.legs:
        decision = receiver.leg(sender.legs.pop(0))
    return decision


def copied(decision, **changed):
    """A Decision with some fields changed."""
    values = {name: getattr(decision, name) for name in Decision.__match_args__}
    return Decision(**{**values, **changed})
