"""Policies and rulesets come into force by control records, or are refused with the field named."""

import pytest

from schemas.messages.control import ActivatePolicy, ActivateRuleset
from schemas.messages.policy import Band, CurrencyRule, Rule
from schemas.messages.vocabulary import Outcome, RejectionReason, RiskAction
from tests.support.builders import Rig, policy, rows_of, ruleset
from tests.support.given import (
    accepted,
    given,
    happened,
    opened,
    pay,
    rejected,
    topped_up,
)

BLOCK = ruleset(Rule("FR05", "first_payment", (Band(1, None, 700, RiskAction.ALLOW),), 0))


def control(body, control_id="one", key=None):
    return lambda rig: rig.control(body, control_id, key)


def test_a_policy_holds_from_the_next_decision_on():
    start = given(opened("alice", "bob"), topped_up("alice", 100))
    strict = ActivatePolicy(policy(version="strict", limits={"per_tx_out": 1}))
    start.when(control(strict)).then(accepted(), happened("PolicyActivated"))
    start.when(pay("alice", "bob", 2)).then(rejected(RejectionReason.LIMIT_PER_TX))


def test_bands_and_weights_are_data():
    start = given(opened("alice", "bob"), topped_up("alice", 100))
    start.when(control(ActivateRuleset(BLOCK))).then(accepted(), happened("RulesetActivated"))
    start.when(pay("alice", "bob", 2)).then(rejected(RejectionReason.RISK_BLOCKED))
    start.when(control(ActivateRuleset(ruleset()), "two")).then(accepted())
    start.when(pay("alice", "bob", 2)).then(accepted())


def test_a_control_id_counts_once():
    start = given(opened("alice"), control(ActivateRuleset(BLOCK)))
    before = rows_of(start.rig.view)
    decision = start.when(control(ActivateRuleset(ruleset()))).then()
    assert (decision.outcome, decision.duplicate_of) == (Outcome.DUPLICATE, 2)
    assert rows_of(start.rig.view)["ruleset"] == before["ruleset"]


@pytest.mark.parametrize("key", [b"", b"1", b"00"])
def test_the_key_is_the_partition(key):
    refused = rejected(RejectionReason.KEY_MISMATCH, "key")
    given().when(control(ActivateRuleset(BLOCK), key=key)).then(refused)


def test_a_control_id_is_an_id():
    refused = rejected(RejectionReason.MALFORMED_FIELD, "control_id")
    given().when(control(ActivateRuleset(BLOCK), "a b")).then(refused)


def without_yen(**changed):
    return policy(currencies=policy().currencies[:2], **changed)


def with_another_yen():
    return policy(currencies=(*policy().currencies[:2], CurrencyRule("JPY", 2, 1)))


def with_dollars_as_base():
    euro, _, yen = policy().currencies
    return policy(base_currency="USD", currencies=(euro, CurrencyRule("USD", 2, 10**9), yen))


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (ActivatePolicy(policy(hold_ttl_s=0)), "hold_ttl_s"),
        (ActivateRuleset(ruleset(Rule("FR99", "shoe_size", (), 0))), "rules[0].feature"),
        (ActivatePolicy(policy(base_currency="USD")), "base_currency"),
        (ActivatePolicy(with_dollars_as_base()), "base_currency"),
        (ActivatePolicy(without_yen()), "currencies"),
        (ActivatePolicy(with_another_yen()), "currencies[2].exponent"),
    ],
)
def test_a_refused_document_changes_nothing(body, field):
    start = given(opened("alice"), rig=Rig())
    refused = rejected(RejectionReason.MALFORMED_FIELD, field)
    start.when(control(body)).then(refused, happened())
    assert start.rig.view.policy.rows == start.rig.view.ruleset.rows == {}


def test_a_currency_may_be_added_and_a_rate_may_change():
    currencies = (*policy().currencies[:2], CurrencyRule("JPY", 0, 1), CurrencyRule("KWD", 3, 1))
    body = ActivatePolicy(policy(currencies=currencies))
    given(opened("alice")).when(control(body)).then(accepted())
