"""Trials: rulesets that come into force for some wallets, for nobody, or for all, at random.

Owns: the candidate of random days, one activation drawn from a seed, who approved it, and
records of what operators did.
Never: judges what they do.
"""

from schemas.messages.control import (
    ActivatePolicy,
    ActivateRuleset,
    OperatorAct,
    RecordAct,
    TakeCut,
)
from schemas.messages.policy import Band, Rule
from schemas.messages.vocabulary import ActivationMode, RiskAction
from tests.support.builders import ruleset
from tests.support.checked import copied
from tests.support.day_programme import POLICY, RULES

# Stricter than the rules of random days, and with other thresholds.
TRIAL = ruleset(
    Rule("FR01", "out_attempts_1h", (Band(4, None, 310, RiskAction.ALLOW),), 0),
    Rule("FR05", "first_payment", (Band(1, None, 0, RiskAction.REVIEW),), 0),
    Rule("FR14", "structuring_7d", (Band(2, None, 0, RiskAction.BLOCK),), 0),
    structuring_at=(500,),
)
PERCENTS = (1, 30, 60, 99)
PEOPLE = ("bea", "bea", "carl", "ops", "", "b e a")


def activation_drawn(random):
    """One activation of a ruleset; now and then one that says too much or too little."""
    mode = random.choice((*ActivationMode, ActivationMode.CANARY))
    percent = random.choice(PERCENTS) if mode is ActivationMode.CANARY else 0
    if random.random() < 0.1:
        percent = random.choice((-1, 0, 1, 100))
    return ActivateRuleset(random.choice((RULES, TRIAL, TRIAL)), mode, percent)


def policy_drawn(random):
    """The policy of random days, which asks for two pairs of eyes now and then."""
    return ActivatePolicy(copied(POLICY, control_four_eyes=random.random() < 0.5))


def people_drawn(random):
    """Issuer and approver of a control record, mostly two people."""
    return random.choice(("ops", "ops", "ops", "bea", "")), random.choice(PEOPLE)


def cut_drawn(random):
    """A cut; mostly above those before, now and then no cut at all."""
    label = random.choice(("", "", "2026-11-29", "2026-13-01", "today"))
    return TakeCut(random.choice((*range(1, 40), 0, -1)), label)


def act(**given):
    """What somebody did to a wallet; each field may be said otherwise."""
    fields = {
        "actor": "ops",
        "role": "operator",
        "by": "key",
        "verb": "ChangeWalletStatus",
        "subject": "alice",
        "request_id": "k-1",
        "outcome": "DELIVERED",
        "acted_at": 1,
        "line_hash": bytes(32),
    }
    return OperatorAct(**{**fields, **given})


def act_drawn(random):
    """A record of an act, of this partition or of another; now and then it is none."""
    given = {"subject": random.choice(("alice", "bob", "carl-1", "dora-1", "policy"))}
    if random.random() < 0.2:
        given |= random.choice(NO_ACTS)
    return RecordAct(act(**given))


NO_ACTS = (
    {"actor": "bea"},
    {"actor": ""},
    {"subject": "anna smith"},
    {"verb": ""},
    {"outcome": ""},
    {"request_id": "a b"},
    {"role": "?"},
    {"by": "?"},
    {"acted_at": 0},
    {"line_hash": b"short"},
)


class TrialDays:
    """What operators do with rulesets and cuts in a world of rigs."""

    def _trial(self):
        rig = self.random.choice(self.rigs)
        control_id = f"trial{self.random.randrange(20)}"
        people = people_drawn(self.random)
        drawn = activation_drawn, policy_drawn, cut_drawn, act_drawn
        body = self.random.choice(drawn)(self.random)
        self._fire_due()
        rig.control(body, control_id, issuer=people[0], approver=people[1])
