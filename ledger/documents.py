"""Documents: what makes a policy or a ruleset usable.

Owns: every check on an ACTIVATE's content; `ProgrammeError` names the field.
Never: compares with what was in force before; `ledger.decisions.controls` does.
"""

from __future__ import annotations

import re

from ledger.chart import INT64_MAX
from ledger.errors import ProgrammeError
from ledger.fraud import FEATURES, merchants
from ledger.windows import NEW_PAYEES_KEPT
from schemas.messages.control import SetRates
from schemas.messages.policy import Policy, Rule, Ruleset, TierLimits, Typology
from schemas.messages.vocabulary import RiskAction, Tier
from schemas.values import COMMAND_ID, COUNTRY, CURRENCIES, MCC

RATE_MAX = 10**18
BASIS_POINTS_MAX = 10_000
OFFSET_MAX_S = 86_400
BASE_RATE = 10**9
NAME_MAX = 64  # every Decision carries names
# Any sum of weights fits 32 bits.
WEIGHT_MAX = 1_000_000
RULES_MAX = 1_000
TYPOLOGIES_MAX = 32
STRUCTURING_MAX = 8
DENIED_MAX = 500
PERCENT_MAX = 200
SECONDS_MAX = 366 * 86_400
COUNT_MAX = 1_000_000
DORMANT_MAX_S = 30 * SECONDS_MAX
BULK_MAX = 500  # a Decision with as many fits a record
INCREMENTS_MAX = 64  # they lie in the hold's row
CUTOFF_MAX = 22 * 3_600  # a day may have 23 hours, and a cut-off is before its end
NO_LIMIT = -1


def check_policy(policy: Policy) -> None:
    """Raise `ProgrammeError` unless the core can decide by this policy."""
    _require(1 <= len(policy.version) <= NAME_MAX, "version")
    _check_currencies(policy)
    _check_zone(policy)
    _require({each.tier for each in policy.tiers} == set(Tier), "tiers")
    _require(len(policy.tiers) == len(Tier), "tiers")
    for index, tier in enumerate(policy.tiers):
        _check_tier(tier, f"tiers[{index}]")
    _check_fees(policy)
    _check_numbers(policy)


def check_ruleset(ruleset: Ruleset) -> None:
    """Raise `ProgrammeError` unless every rule asks a known feature over proper bands."""
    _require(1 <= len(ruleset.version) <= NAME_MAX, "version")
    _require(len(ruleset.rules) <= RULES_MAX, "rules")
    for index, rule in enumerate(ruleset.rules):
        _check_rule(rule, FEATURES, f"rules[{index}]")
    _check_thresholds(ruleset, "")
    _require(len(ruleset.typologies) <= TYPOLOGIES_MAX, "typologies")
    ids = {each.typology_id for each in ruleset.typologies}
    _require(len(ids) == len(ruleset.typologies), "typologies")
    for index, typology in enumerate(ruleset.typologies):
        _check_typology(typology, f"typologies[{index}]")
    _require(len(ruleset.structuring_at) <= STRUCTURING_MAX, "structuring_at")
    _require(all(each > 0 for each in ruleset.structuring_at), "structuring_at")
    _require(ruleset.small_top_up >= 0, "small_top_up")
    _check_merchant_rules(ruleset)
    _check_denied(ruleset.denied_countries, COUNTRY, "denied_countries")
    _check_denied(ruleset.denied_mccs, MCC, "denied_mccs")
    _check_denied(ruleset.denied_rails, COMMAND_ID, "denied_rails")


def check_rates(policy: Policy, table: SetRates) -> None:
    """Raise `ProgrammeError` unless money can be converted by this table."""
    _require(COMMAND_ID.fullmatch(table.rate_id) is not None, "rate_id")
    codes = [each.currency for each in table.rates]
    _require(len(set(codes)) == len(codes) > 0, "rates")
    known = {each.code for each in policy.currencies}
    for index, rate in enumerate(table.rates):
        _require(rate.currency in known, f"rates[{index}].currency")
        is_usable = 0 < rate.base_per_minor_e9 <= RATE_MAX
        is_itself = rate.currency != policy.base_currency or rate.base_per_minor_e9 == BASE_RATE
        _require(is_usable and is_itself, f"rates[{index}].base_per_minor_e9")


def _require(holds: bool, field: str) -> None:  # noqa: FBT001 - reads as a sentence
    if not holds:
        raise ProgrammeError(field)


def _check_currencies(policy: Policy) -> None:
    codes = [each.code for each in policy.currencies]
    _require(len(set(codes)) == len(codes), "currencies")
    _require(policy.base_currency in codes, "base_currency")
    for index, rule in enumerate(policy.currencies):
        known = CURRENCIES.get(rule.code)
        _require(known is not None, f"currencies[{index}].code")
        digits_agree = known is not None and known.exponent == rule.exponent
        _require(digits_agree, f"currencies[{index}].exponent")
        rate_is_usable = 0 < rule.base_per_minor_e9 <= RATE_MAX
        _require(rate_is_usable, f"currencies[{index}].base_per_minor_e9")
        is_itself = rule.code != policy.base_currency or rule.base_per_minor_e9 == BASE_RATE
        _require(is_itself, "base_currency")


def _check_zone(policy: Policy) -> None:
    transitions = policy.zone.transitions
    _require(len(transitions) > 0, "zone.transitions")
    for index, each in enumerate(transitions):
        _require(abs(each.offset_s) <= OFFSET_MAX_S, f"zone.transitions[{index}].offset_s")
        ordered = index == 0 or transitions[index - 1].at < each.at
        _require(ordered, f"zone.transitions[{index}].at")


def _check_tier(tier: TierLimits, path: str) -> None:
    _require(tier.per_tx_out >= 0, f"{path}.per_tx_out")
    _require(tier.per_tx_in >= 0, f"{path}.per_tx_in")
    _require(tier.day_out >= 0, f"{path}.day_out")
    _require(tier.day_in >= 0, f"{path}.day_in")
    _require(tier.month_out >= 0, f"{path}.month_out")
    _require(tier.month_in >= 0, f"{path}.month_in")
    _require(tier.rolling_24h_out >= 0, f"{path}.rolling_24h_out")
    _require(tier.count_out_hour >= 0, f"{path}.count_out_hour")
    _require(tier.balance_cap >= 0, f"{path}.balance_cap")
    _require(tier.week_out >= NO_LIMIT, f"{path}.week_out")
    _require(tier.count_out_day >= NO_LIMIT, f"{path}.count_out_day")
    _require(tier.count_out_30d >= NO_LIMIT, f"{path}.count_out_30d")
    remembered = NO_LIMIT <= tier.new_payees_day <= NEW_PAYEES_KEPT
    _require(remembered, f"{path}.new_payees_day")
    _require(tier.withdrawal_day_out >= NO_LIMIT, f"{path}.withdrawal_day_out")


def _check_fees(policy: Policy) -> None:
    flows = [each.flow for each in policy.fees]
    _require(len(set(flows)) == len(flows), "fees")
    for index, fee in enumerate(policy.fees):
        _require(0 <= fee.basis_points <= BASIS_POINTS_MAX, f"fees[{index}].basis_points")
        _require(0 <= fee.minimum_minor <= INT64_MAX, f"fees[{index}].minimum_minor")


def _check_numbers(policy: Policy) -> None:
    _require(0 < policy.hold_ttl_s <= SECONDS_MAX, "hold_ttl_s")
    _require(0 < policy.review_ttl_s <= SECONDS_MAX, "review_ttl_s")
    _require(0 < policy.saga_cancel_after_s <= SECONDS_MAX, "saga_cancel_after_s")
    _require(0 <= policy.saga_max_attempts <= COUNT_MAX, "saga_max_attempts")
    _require(0 <= policy.max_active_holds <= COUNT_MAX, "max_active_holds")
    _require(0 <= policy.max_payees <= COUNT_MAX, "max_payees")
    _require(0 < policy.max_outflow_entries <= COUNT_MAX, "max_outflow_entries")
    _require(0 <= policy.over_capture_bp <= BASIS_POINTS_MAX, "over_capture_bp")
    _require(0 <= policy.max_hold_increments <= INCREMENTS_MAX, "max_hold_increments")
    _require(0 < policy.claim_ttl_s <= SECONDS_MAX, "claim_ttl_s")
    _require(0 < policy.adjustment_ttl_s <= SECONDS_MAX, "adjustment_ttl_s")
    _require(policy.adjustment_two_checkers_minor >= 0, "adjustment_two_checkers_minor")
    _require(0 <= policy.fx_tolerance_bp <= BASIS_POINTS_MAX, "fx_tolerance_bp")
    _require(0 <= policy.bulk_max_items <= BULK_MAX, "bulk_max_items")
    _require(0 <= policy.dormant_after_s <= DORMANT_MAX_S, "dormant_after_s")
    _check_merchants(policy)


def _check_merchants(policy: Policy) -> None:
    _require(0 <= policy.merchant_mdr_bp <= BASIS_POINTS_MAX, "merchant_mdr_bp")
    _require(policy.merchant_mdr_fixed_minor >= 0, "merchant_mdr_fixed_minor")
    _require(0 <= policy.merchant_reserve_bp <= BASIS_POINTS_MAX, "merchant_reserve_bp")
    _require(0 < policy.merchant_mature_after_s <= SECONDS_MAX, "merchant_mature_after_s")
    _check_reserve(policy)
    _require(0 < policy.dispute_evidence_s <= SECONDS_MAX, "dispute_evidence_s")
    _require(0 <= policy.dispute_window_days <= COUNT_MAX, "dispute_window_days")
    _require(0 <= policy.settlement_cutoff_s <= CUTOFF_MAX, "settlement_cutoff_s")


def _check_reserve(policy: Policy) -> None:
    """A reserve is kept until it is released by hand, or for longer than the sale's own money."""
    kept_for = policy.merchant_reserve_for_s
    fits = policy.merchant_mature_after_s <= kept_for <= SECONDS_MAX
    _require(kept_for == 0 or fits, "merchant_reserve_for_s")


def _check_denied(names: tuple[str, ...], form: re.Pattern[str], field: str) -> None:
    """Nothing can be met that is not written as commands write it."""
    _require(len(names) <= DENIED_MAX, field)
    _require(all(form.fullmatch(each) is not None for each in names), field)


def _check_thresholds(scores: Ruleset | Typology, path: str) -> None:
    _require(scores.step_up_at > 0, f"{path}step_up_at")
    _require(scores.review_at >= scores.step_up_at, f"{path}review_at")
    _require(scores.block_at >= scores.review_at, f"{path}block_at")


def _check_typology(typology: Typology, path: str) -> None:
    _require(1 <= len(typology.typology_id) <= NAME_MAX, f"{path}.typology_id")
    _check_thresholds(typology, f"{path}.")
    features = {each.feature for each in typology.shares}
    _require(features <= FEATURES, f"{path}.shares")
    _require(len(features) == len(typology.shares), f"{path}.shares")
    shares_fit = all(0 <= each.percent <= PERCENT_MAX for each in typology.shares)
    _require(shares_fit, f"{path}.shares")


def _check_merchant_rules(ruleset: Ruleset) -> None:
    """They keep back more of a sale, and can do nothing else: it is not refused any more."""
    _require(len(ruleset.merchant_rules) <= RULES_MAX, "merchant_rules")
    for index, rule in enumerate(ruleset.merchant_rules):
        path = f"merchant_rules[{index}]"
        _check_rule(rule, merchants.FEATURES, path)
        harmless = all(band.action is RiskAction.ALLOW for band in rule.bands)
        _require(harmless, f"{path}.bands")
    _require(ruleset.merchant_reserve_at > 0, "merchant_reserve_at")
    _require(0 <= ruleset.merchant_reserve_bp <= BASIS_POINTS_MAX, "merchant_reserve_bp")


def _check_rule(rule: Rule, features: frozenset[str], path: str) -> None:
    _require(1 <= len(rule.rule_id) <= NAME_MAX, f"{path}.rule_id")
    _require(rule.feature in features, f"{path}.feature")
    _require(abs(rule.missing_weight) <= WEIGHT_MAX, f"{path}.missing_weight")
    weights_fit = all(abs(band.weight) <= WEIGHT_MAX for band in rule.bands)
    _require(weights_fit, f"{path}.bands")
    ordered = sorted(rule.bands, key=lambda band: band.low)
    for index, band in enumerate(ordered):
        _require(band.high is None or band.low < band.high, f"{path}.bands")
        before = ordered[index - 1].high if index > 0 else band.low
        _require(before is not None and before <= band.low, f"{path}.bands")
