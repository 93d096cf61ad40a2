"""Documents that cannot be decided by are refused by the name of their field."""

from itertools import pairwise

import pytest

from ledger.errors import ProgrammeError
from ledger.programme import Programme
from schemas.codec import decode, encode
from schemas.messages.decisions import Decision
from schemas.messages.policy import (
    Band,
    CurrencyRule,
    FeeRule,
    Rule,
    Typology,
    TypologyShare,
    Zone,
    ZoneTransition,
)
from schemas.messages.vocabulary import FeeFlow, RiskAction, Tier
from streams.wallet.genesis import genesis_policy, genesis_ruleset
from tests.support.builders import Rig, fees, policy, ruleset
from tests.support.given import given, opened, pay, topped_up

EUR = CurrencyRule("EUR", 2, 10**9)
TIERS = policy().tiers


def zone(*transitions):
    return Zone("UTC", "test", tuple(ZoneTransition(*each) for each in transitions))


def rule(*bands, feature="first_payment", rule_id="FR05"):
    made = tuple(Band(low, high, 1, RiskAction.ALLOW) for low, high in bands)
    return ruleset(Rule(rule_id, feature, made, 0))


def typology(*shares, name="SCAM", at=(1, 2, 3)):
    return Typology(name, tuple(TypologyShare(*each) for each in shares), *at)


def weighing(weight, missing_weight=0):
    bands = (Band(0, None, weight, RiskAction.ALLOW),)
    return Rule("FR05", "first_payment", bands, missing_weight)


def of_shops(action=RiskAction.ALLOW):
    return Rule("FR28", "night_share", (Band(51, None, 1, action),), 0)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"version": ""}, "version"),
        ({"merchant_mdr_bp": 10_001}, "merchant_mdr_bp"),
        ({"merchant_mdr_fixed_minor": -1}, "merchant_mdr_fixed_minor"),
        ({"merchant_reserve_bp": -1}, "merchant_reserve_bp"),
        ({"merchant_mature_after_s": 0}, "merchant_mature_after_s"),
        ({"merchant_reserve_for_s": -1}, "merchant_reserve_for_s"),
        ({"merchant_reserve_for_s": 172_799}, "merchant_reserve_for_s"),
        ({"merchant_reserve_for_s": 366 * 86_400 + 1}, "merchant_reserve_for_s"),
        ({"dispute_evidence_s": 0}, "dispute_evidence_s"),
        ({"dispute_window_days": -1}, "dispute_window_days"),
        ({"version": "v" * 65}, "version"),
        ({"currencies": (EUR, EUR)}, "currencies"),
        ({"currencies": ()}, "base_currency"),
        ({"base_currency": "CHF"}, "base_currency"),
        ({"currencies": (EUR, CurrencyRule("", 2, 1))}, "currencies[1].code"),
        ({"currencies": (EUR, CurrencyRule("E:\0", 2, 1))}, "currencies[1].code"),
        ({"currencies": (CurrencyRule("EUR", -1, 1),)}, "currencies[0].exponent"),
        ({"currencies": (EUR, CurrencyRule("KWD", 2, 1))}, "currencies[1].exponent"),
        ({"currencies": (CurrencyRule("EUR", 2, 1),)}, "base_currency"),
        ({"currencies": (CurrencyRule("EUR", 2, 0),)}, "currencies[0].base_per_minor_e9"),
        ({"zone": zone()}, "zone.transitions"),
        ({"zone": zone((0, 90_000))}, "zone.transitions[0].offset_s"),
        ({"zone": zone((0, 0), (0, 0))}, "zone.transitions[1].at"),
        ({"tiers": TIERS[:3]}, "tiers"),
        ({"tiers": (*TIERS, TIERS[0])}, "tiers"),
        ({"limits": {"per_tx_out": -1}}, "tiers[1].per_tx_out"),
        ({"limits": {"balance_cap": -1}}, "tiers[1].balance_cap"),
        ({"limits": {"week_out": -2}}, "tiers[1].week_out"),
        ({"limits": {"count_out_day": -2}}, "tiers[1].count_out_day"),
        ({"limits": {"count_out_30d": -2}}, "tiers[1].count_out_30d"),
        ({"limits": {"new_payees_day": -2}}, "tiers[1].new_payees_day"),
        ({"limits": {"new_payees_day": 65}}, "tiers[1].new_payees_day"),
        ({"limits": {"withdrawal_day_out": -2}}, "tiers[1].withdrawal_day_out"),
        ({"fees": fees(10) + fees(20)}, "fees"),
        ({"fees": fees(10_001)}, "fees[0].basis_points"),
        ({"fees": (FeeRule(FeeFlow.TRANSFER, 0, -1),)}, "fees[0].minimum_minor"),
        ({"hold_ttl_s": 0}, "hold_ttl_s"),
        ({"review_ttl_s": 2**40}, "review_ttl_s"),
        ({"saga_cancel_after_s": 0}, "saga_cancel_after_s"),
        ({"saga_max_attempts": -1}, "saga_max_attempts"),
        ({"max_active_holds": -1}, "max_active_holds"),
        ({"max_payees": -1}, "max_payees"),
        ({"max_outflow_entries": 0}, "max_outflow_entries"),
        ({"dormant_after_s": -1}, "dormant_after_s"),
        ({"dormant_after_s": 30 * 366 * 86_400 + 1}, "dormant_after_s"),
        ({"bulk_max_items": -1}, "bulk_max_items"),
        ({"bulk_max_items": 501}, "bulk_max_items"),
    ],
)
def test_a_policy_names_its_wrong_field(changed, field):
    with pytest.raises(ProgrammeError) as refused:
        Programme.compile(policy(**changed), ruleset())
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("document", "field"),
    [
        (ruleset(step_up_at=0), "step_up_at"),
        (ruleset(review_at=299), "review_at"),
        (ruleset(block_at=499), "block_at"),
        (rule((1, None), rule_id=""), "rules[0].rule_id"),
        (rule((1, None), rule_id="r" * 65), "rules[0].rule_id"),
        (ruleset(weighing(10**6 + 1)), "rules[0].bands"),
        (ruleset(weighing(1, -(10**6) - 1)), "rules[0].missing_weight"),
        (ruleset(*[weighing(1)] * 1_001), "rules"),
        (ruleset(typologies=(typology(),) * 33), "typologies"),
        (ruleset(typologies=(typology(), typology())), "typologies"),
        (ruleset(typologies=(typology(name=""),)), "typologies[0].typology_id"),
        (ruleset(typologies=(typology(name="t" * 65),)), "typologies[0].typology_id"),
        (ruleset(typologies=(typology(at=(0, 1, 1)),)), "typologies[0].step_up_at"),
        (ruleset(typologies=(typology(at=(2, 1, 2)),)), "typologies[0].review_at"),
        (ruleset(typologies=(typology(at=(1, 2, 1)),)), "typologies[0].block_at"),
        (ruleset(typologies=(typology(("shoe_size", 1)),)), "typologies[0].shares"),
        (ruleset(typologies=(typology(*[("benford", 1)] * 2),)), "typologies[0].shares"),
        (ruleset(typologies=(typology(("benford", -1)),)), "typologies[0].shares"),
        (ruleset(typologies=(typology(("benford", 201)),)), "typologies[0].shares"),
        (ruleset(structuring_at=tuple(range(1, 10))), "structuring_at"),
        (ruleset(structuring_at=(1, 0)), "structuring_at"),
        (ruleset(small_top_up=-1), "small_top_up"),
        (ruleset(merchant_rules=(weighing(1),)), "merchant_rules[0].feature"),
        (ruleset(merchant_rules=(of_shops(RiskAction.STEP_UP),)), "merchant_rules[0].bands"),
        (ruleset(merchant_rules=(of_shops(),) * 1_001), "merchant_rules"),
        (ruleset(merchant_reserve_at=0), "merchant_reserve_at"),
        (ruleset(merchant_reserve_bp=-1), "merchant_reserve_bp"),
        (ruleset(merchant_reserve_bp=10_001), "merchant_reserve_bp"),
        (ruleset(denied_countries=("nl",)), "denied_countries"),
        (ruleset(denied_mccs=("541",)), "denied_mccs"),
        (ruleset(denied_rails=("a/b",)), "denied_rails"),
        (ruleset(denied_rails=("ach",) * 501), "denied_rails"),
        (rule((1, None), feature=""), "rules[0].feature"),
        (rule((1, 1)), "rules[0].bands"),
        (rule((1, 5), (4, 6)), "rules[0].bands"),
        (rule((4, 6), (1, 5)), "rules[0].bands"),
        (rule((1, None), (4, 6)), "rules[0].bands"),
        (rule((4, 6), (1, None)), "rules[0].bands"),
    ],
)
def test_a_ruleset_names_its_wrong_field(document, field):
    with pytest.raises(ProgrammeError) as refused:
        Programme.compile(policy(), document)
    assert refused.value.field == field


def test_a_ruleset_without_a_version_is_refused():
    unnamed = ruleset()
    unnamed = type(unnamed)("", (), 300, 500, 700)
    with pytest.raises(ProgrammeError, match="version"):
        Programme.compile(policy(), unnamed)


def test_no_score_leaves_32_bits():
    """A Decision holds the score: one that cannot be written would halt every partition."""
    heaviest = ruleset(*[weighing(10**6)] * 1_000)
    rig = Rig(ruleset_=heaviest)
    given(opened("alice", "bob"), topped_up("alice", 10), rig=rig)
    decision = pay("alice", "bob", 1)(rig)
    assert decode(Decision, encode(decision)).risk.score == 10**9


def test_bands_may_touch_in_any_order():
    assert Programme.compile(policy(), rule((4, 6), (1, 4))).ruleset.version == "test"


def test_the_genesis_documents_are_usable():
    programme = Programme.compile(genesis_policy(), genesis_ruleset())
    assert set(programme.currencies) == {"EUR", "USD", "GBP", "JPY", "KWD"}
    assert programme.fee(FeeFlow.TRANSFER, 10_050) == 100
    basic = programme.tiers[Tier.BASIC]
    assert (basic.per_tx_out, basic.rolling_24h_out) == (50_000, 150_000)
    for lower, higher in pairwise(genesis_policy().tiers):
        assert lower.balance_cap < higher.balance_cap


@pytest.mark.parametrize(
    ("amount", "fee"), [(1, 3), (299, 3), (300, 3), (399, 3), (400, 4), (10_000, 100)]
)
def test_a_fee_rounds_down_and_has_a_minimum(amount, fee):
    programme = Programme.compile(policy(fees=fees(100, 3)), ruleset())
    assert programme.fee(FeeFlow.TRANSFER, amount) == fee


def test_a_flow_without_a_rule_is_free():
    assert Programme.compile(policy(), ruleset()).fee(FeeFlow.TRANSFER, 100) == 0


@pytest.mark.parametrize(("amount", "base"), [(0, 0), (1, 1), (10, 9), (11, 10), (111, 100)])
def test_base_amounts_round_up(amount, base):
    assert Programme.compile(policy(), ruleset()).base("USD", amount) == base
