"""A ruleset on trial: in shadow it leaves no byte in the log, as a canary it decides for some."""

from functools import cache
from hashlib import sha256

import pytest

from ops.backtest.run import BackTest
from schemas.codec import decode, encode
from schemas.messages.commands import Transfer
from schemas.messages.control import ActivateRuleset, Control
from schemas.messages.events import RulesetActivated
from schemas.messages.policy import Band, Rule
from schemas.messages.shadow import ShadowAssessment
from schemas.messages.vocabulary import ActivationMode, Outcome, RejectionReason, RiskAction
from streams.wallet.genesis import ruleset_hash
from streams.wallet.tables import CANDIDATE
from tests.support.builders import ruleset
from tests.support.checked import log_records
from tests.support.strategies import POLICY, RULES
from tests.support.traffic import PARTITIONS, Traffic
from tests.support.trials import TRIAL
from tests.support.writers import Writer, wallet_at
from tests.unit.ops.backtest.test_back_test import disk
from topics.catalog import CONTROL, SHADOW

LIVE, IN_SHADOW, CANARY = ActivationMode.LIVE, ActivationMode.SHADOW, ActivationMode.CANARY
BLOCK = ruleset(Rule("FR05", "first_payment", (Band(1, None, 0, RiskAction.BLOCK),), 0))


class Tried(Traffic):
    """Traffic in which every activation of a ruleset is the one that is given."""

    def __init__(self, body):
        self.body = body
        super().__init__()
        for writer in self.writers:
            activate(writer, body, "first")

    def _trial(self):
        activate(self.random.choice(self.writers), self.body, f"t{self.random.randrange(9)}")


@cache
def day(body, seed):
    """The writers of a day under one activation."""
    return Tried(body).run(seed, 160).writers


def activate(writer, body, control_id):
    """Say an activation to a writer."""
    value = encode(Control(control_id, writer.at, "ops", body, "bea"))
    return writer.say(value, str(writer.partition).encode(), CONTROL.name)


def shadows_of(writer):
    """What a ruleset in shadow said, as it lies on its topic."""
    outputs = [each for group in writer.groups for each in group.outputs]
    return [each for each in outputs if each.topic == SHADOW.name]


@pytest.mark.parametrize("seed", range(4))
def test_a_shadow_changes_no_byte_of_the_log_but_its_own_activation(seed):
    """The same day with the set in force activated again; its candidate would stop a lot."""
    shadowed, plain = (
        day(ActivateRuleset(TRIAL, IN_SHADOW), seed),
        day(ActivateRuleset(RULES), seed),
    )
    said = 0
    for one, other in zip(shadowed, plain, strict=True):
        assert len(one.log) == len(other.log) > 40
        for ours, theirs, decision in zip(one.log, other.log, one.decisions, strict=True):
            control = getattr(decision.source, "topic", None)
            if control is None or control.name != "CONTROL":
                assert ours.value == theirs.value
        said += len(shadows_of(one))
        assert shadows_of(other) == []
        # The ruleset in force, the one on trial, and the head, whose chain covers the activation.
        tables = (b"a", b"c", CANDIDATE.prefix)
        assert {key: row for key, row in one.rows.items() if key[:1] not in tables} == {
            key: row for key, row in other.rows.items() if key[:1] not in tables
        }
    assert said > 0


def test_a_shadow_says_what_a_back_test_would():
    for writer in day(ActivateRuleset(TRIAL, IN_SHADOW), 1):
        said = [decode(ShadowAssessment, each.value) for each in shadows_of(writer)]
        done = BackTest((POLICY, RULES), TRIAL, (None, None))
        done.partition(writer.partition, PARTITIONS, log_records(writer), disk)
        assert done.differences == []
        known = {each.sequence: each for each in done.compared}
        assert {each.sequence for each in said} == known.keys()
        for each in said:
            decision = writer.decisions[each.sequence - 1]
            assert each.assessment == known[each.sequence].candidate
            assert each.live == decision.risk
            assert (each.wallet_id, each.command_id) == (decision.wallet_id, decision.command_id)
            assert each.ruleset_hash == ruleset_hash(TRIAL)
            assert each.live_ruleset_hash == decision.ruleset_hash == ruleset_hash(RULES)
            assert each.decided_at == decision.decided_at
    assert {each.assessment.action for each in said} > {RiskAction.ALLOW}


def test_shadow_records_lie_in_the_transaction_of_their_decision_and_are_not_sent_again():
    for writer in day(ActivateRuleset(TRIAL, IN_SHADOW), 1):
        for group in writer.groups:
            firsts = {each.value for each in group.log}
            sequences = {decision.sequence for decision in writer.decisions
                         if encode(decision) in firsts}  # fmt: skip
            for each in group.outputs:
                if each.topic == SHADOW.name:
                    assert decode(ShadowAssessment, each.value).sequence in sequences
                    assert each.partition == writer.partition
        heir = writer.recovered()
        assert heir.rows == writer.rows
        assert SHADOW.name not in {each.topic for each in heir.job.resend(heir.read_input)}


def hundredth(wallet_id):
    """Which hundredth of all wallets one is in."""
    return int.from_bytes(sha256(wallet_id.encode()).digest()[:8], "big") % 100


def test_a_canary_decides_for_its_wallets_and_names_itself():
    body = ActivateRuleset(TRIAL, CANARY, 50)
    names = {True: ruleset_hash(TRIAL), False: ruleset_hash(RULES)}
    seen = set()
    for writer in day(body, 2):
        begun = next(each.sequence for each in writer.decisions if each.command_id == "first")
        for decision in writer.decisions:
            tried = decision.sequence > begun and len(decision.wallet_id) != 0
            tried = tried and hundredth(decision.wallet_id) < 50
            assert decision.ruleset_hash == names[tried], decision.sequence
            if decision.risk is not None and decision.sequence > begun:
                rules = {each.rule_id for each in decision.risk.fired}
                assert ("SEEN" in rules) == (not tried)
                seen.add(tried)
        assert shadows_of(writer) == []
        done = BackTest((POLICY, RULES), RULES, (None, None))
        done.partition(writer.partition, PARTITIONS, log_records(writer), disk)
        assert done.differences == []
    assert seen == {True, False}


def pair():
    """A writer with a payer in a low hundredth and one in a high one, and somebody to pay."""
    writer = Writer(0, PARTITIONS)
    wallets = [wallet_at(0, number) for number in range(40)]
    low = min(wallets, key=hundredth)
    high = max(wallets, key=hundredth)
    payee = next(each for each in wallets if each not in (low, high))
    for each in (low, high, payee):
        writer.open(each, 1_000)
    return writer, low, high, payee


def test_a_canary_stops_only_its_own_wallets_at_the_very_percentage():
    writer, low, high, payee = pair()
    activate(writer, ActivateRuleset(BLOCK, CANARY, hundredth(low) + 1), "in")
    stopped = writer.command(low, Transfer(payee, "EUR", 1), "a")
    assert stopped.reason is RejectionReason.RISK_BLOCKED
    assert writer.command(high, Transfer(payee, "EUR", 1), "b").reason is None
    activate(writer, ActivateRuleset(BLOCK, CANARY, max(hundredth(low), 1)), "out")
    is_in = hundredth(low) < max(hundredth(low), 1)
    again = writer.command(low, Transfer(payee, "EUR", 1), "c")
    assert (again.reason is RejectionReason.RISK_BLOCKED) == is_in


def test_a_live_activation_ends_every_trial():
    for mode, percent in ((IN_SHADOW, 0), (CANARY, 99)):
        writer, low, _, payee = pair()
        activate(writer, ActivateRuleset(BLOCK, mode, percent), "trial")
        assert any(key[:1] == CANDIDATE.prefix for key in (writer.commit(), writer.rows)[1])
        activate(writer, ActivateRuleset(ruleset(), LIVE), "end")
        decision = writer.command(low, Transfer(payee, "EUR", 1), "a")
        assert decision.reason is None
        assert decision.ruleset_hash == ruleset_hash(ruleset())
        writer.commit()
        assert shadows_of(writer) == []
        assert not any(key[:1] == CANDIDATE.prefix for key in writer.rows)


def test_a_trial_takes_the_place_of_another():
    writer, low, _, payee = pair()
    activate(writer, ActivateRuleset(BLOCK, CANARY, 99), "canary")
    activate(writer, ActivateRuleset(BLOCK, IN_SHADOW), "shadow")
    assert writer.command(low, Transfer(payee, "EUR", 1), "a").reason is None
    writer.commit()
    (said,) = [decode(ShadowAssessment, each.value) for each in shadows_of(writer)]
    assert (said.assessment.action, said.live.action) == (RiskAction.BLOCK, RiskAction.ALLOW)


@pytest.mark.parametrize(
    ("mode", "percent", "good"),
    [
        (LIVE, 0, True),
        (LIVE, 1, False),
        (IN_SHADOW, 0, True),
        (IN_SHADOW, 50, False),
        (CANARY, 0, False),
        (CANARY, 1, True),
        (CANARY, 99, True),
        (CANARY, 100, False),
        (CANARY, -1, False),
    ],
)
def test_only_a_canary_says_for_how_many(mode, percent, good):
    decision = activate(Writer(0, PARTITIONS), ActivateRuleset(BLOCK, mode, percent), "c")
    if good:
        assert decision.events == (RulesetActivated("c", BLOCK, mode, percent),)
    else:
        assert decision.outcome is Outcome.REJECTED
        assert decision.reason is RejectionReason.MALFORMED_FIELD
        assert decision.detail == "canary_percent"
