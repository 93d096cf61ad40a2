"""Policies and rulesets come into force by control records, or are refused with the field named."""

from hashlib import sha256

import pytest

from ledger.candidate import decides
from ledger.view import ONE
from schemas.messages.control import ActivatePolicy, ActivateRuleset, SetRates
from schemas.messages.policy import Band, CurrencyRule, FxRate, Rule
from schemas.messages.vocabulary import ActivationMode, Outcome, RejectionReason, RiskAction
from tests.support.builders import NOON, Rig, policy, ruleset
from tests.support.given import (
    accepted,
    given,
    happened,
    opened,
    pay,
    rejected,
    topped_up,
)
from tests.support.looking import rows_of

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


WATCHED = policy(version="watched", control_four_eyes=True)


def signed(issuer, approver, body=None, control_id="two"):
    body = body or ActivateRuleset(BLOCK)
    return lambda rig: rig.control(body, control_id, issuer=issuer, approver=approver)


@pytest.mark.parametrize(
    ("issuer", "approver", "reason", "detail"),
    [
        ("ann", "", RejectionReason.APPROVAL_REQUIRED, "approver"),
        ("ann", "ann", RejectionReason.SELF_APPROVAL, "approver"),
        ("ann", "b a", RejectionReason.MALFORMED_FIELD, "approver"),
        ("", "bea", RejectionReason.MALFORMED_FIELD, "issuer"),
        (" ann", "ann", RejectionReason.MALFORMED_FIELD, "issuer"),
    ],
)
def test_four_eyes_refuse_what_one_pair_saw(issuer, approver, reason, detail):
    start = given(control(ActivatePolicy(WATCHED)))
    start.when(signed(issuer, approver)).then(rejected(reason, detail))
    start.when(signed("ann", "bea")).then(accepted(), happened("RulesetActivated"))


def test_the_policy_in_force_asks_also_for_its_own_end_and_for_rates():
    start = given(control(ActivatePolicy(WATCHED)))
    table = SetRates("t", (FxRate("EUR", 10**9),), 2 * NOON)
    missing = rejected(RejectionReason.APPROVAL_REQUIRED, "approver")
    start.when(signed("ann", "", ActivatePolicy(policy()))).then(missing)
    start.when(signed("ann", "", table, "three")).then(missing)
    start.when(signed("ann", "bea", ActivatePolicy(policy()))).then(accepted())
    start.when(signed("ann", "", control_id="four")).then(accepted())


def test_without_four_eyes_nobody_need_approve_but_a_name_is_a_name():
    given().when(signed("ann", "")).then(accepted())
    given().when(signed("ann", "ann")).then(accepted())
    given().when(signed("not a name", "")).then(accepted())
    malformed = rejected(RejectionReason.MALFORMED_FIELD, "approver")
    given().when(signed("ann", "b a")).then(malformed)


def test_a_duplicate_is_told_before_who_approved_it():
    start = given(control(ActivatePolicy(WATCHED)), signed("ann", "bea"))
    decision = start.when(signed("ann", "")).then()
    assert decision.outcome is Outcome.DUPLICATE


@pytest.mark.parametrize(("mode", "percent"), [("LIVE", 1), ("SHADOW", 9), ("CANARY", 0)])
def test_only_a_canary_says_for_how_many_wallets(mode, percent):
    body = ActivateRuleset(BLOCK, ActivationMode[mode], percent)
    refused = rejected(RejectionReason.MALFORMED_FIELD, "canary_percent")
    given().when(control(body)).then(refused)


def test_a_canary_decides_for_some_wallets_until_a_live_set_comes():
    everybody = [f"w{each}" for each in range(12)]
    tried = {each for each in everybody if hundredth(each) < 50}
    assert 0 < len(tried) < 12
    start = given(opened("payee", *everybody), topped_up(everybody[0], 9))
    canary = ActivateRuleset(BLOCK, ActivationMode.CANARY, 50)
    start.when(control(canary, "canary")).then(accepted())
    candidate = start.rig.view.candidate.get(ONE)
    assert {each for each in everybody if decides(candidate, each)} == tried
    assert not decides(candidate, "")
    start.when(control(ActivateRuleset(ruleset()), "end")).then(accepted())
    assert start.rig.view.candidate.get(ONE) is None
    start.when(control(ActivateRuleset(BLOCK, ActivationMode.SHADOW), "shadow")).then(accepted())
    shadow = start.rig.view.candidate.get(ONE)
    assert not any(decides(shadow, each) for each in everybody)


def hundredth(wallet_id):
    return int.from_bytes(sha256(wallet_id.encode()).digest()[:8], "big") % 100
