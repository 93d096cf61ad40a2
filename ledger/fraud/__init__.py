"""Fraud features: what the rules of a ruleset look at, one integer and one file each.

Owns: the catalogue of features by the name a ruleset uses.
Never: bands, weights, actions; those are data. Never writes a row, never sees another rule.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from ledger.fraud import (
    fr01_out_attempts_1h,
    fr01_out_attempts_10m,
    fr01_out_attempts_24h,
    fr02_out_24h_sigmas,
    fr03_amount_to_max_90d,
    fr04_new_payees_24h,
    fr05_amount_over_p95,
    fr05_first_payment,
    fr06_similar_to_payee,
    fr07_seconds_since_previous_out,
    fr07_seconds_to_new_payee,
    fr08_days_dormant,
    fr09_out_24h_first_day,
    fr09_out_24h_first_week,
    fr10_senders_24h,
    fr11_similar_senders_24h,
    fr12_rapid_in_out,
    fr13_pass_through_7d,
    fr14_structuring_7d,
    fr15_round_amounts,
    fr16_benford,
    fr17_other_countries_2h,
    fr19_new_device_amount,
    fr19_unseen_device,
    fr20_device_parties,
    fr20_unproven_device_parties,
    fr21_unpaid_attempts_10m,
    fr22_instrument_parties,
    fr23_instruments_7d,
    fr23_instruments_24h,
    fr24_top_up_after_trial_1h,
    fr25_seconds_since_tier_change,
    fr25_tier_change_to_new_payee,
    fr26_card_money_out,
    fr32_denied_country,
    fr32_denied_mcc,
    fr32_denied_rail,
    fr34_unauthenticated_amount,
    fr34_unauthenticated_count,
    fr34_unauthenticated_sum,
)
from ledger.outgoing import Outgoing

Feature = Callable[[Outgoing], int | None]

RULES: Final[Mapping[str, Feature]] = MappingProxyType(
    {
        "out_attempts_10m": fr01_out_attempts_10m.feature,
        "out_attempts_1h": fr01_out_attempts_1h.feature,
        "out_attempts_24h": fr01_out_attempts_24h.feature,
        "out_24h_sigmas": fr02_out_24h_sigmas.feature,
        "amount_to_max_90d": fr03_amount_to_max_90d.feature,
        "new_payees_24h": fr04_new_payees_24h.feature,
        "first_payment": fr05_first_payment.feature,
        "amount_over_p95": fr05_amount_over_p95.feature,
        "similar_to_payee": fr06_similar_to_payee.feature,
        "seconds_since_previous_out": fr07_seconds_since_previous_out.feature,
        "seconds_since_previous_out_to_new_payee": fr07_seconds_to_new_payee.feature,
        "days_dormant": fr08_days_dormant.feature,
        "out_24h_first_day": fr09_out_24h_first_day.feature,
        "out_24h_first_week": fr09_out_24h_first_week.feature,
        "senders_24h": fr10_senders_24h.feature,
        "similar_senders_24h": fr11_similar_senders_24h.feature,
        "rapid_in_out": fr12_rapid_in_out.feature,
        "pass_through_7d": fr13_pass_through_7d.feature,
        "structuring_7d": fr14_structuring_7d.feature,
        "round_amounts": fr15_round_amounts.feature,
        "benford": fr16_benford.feature,
        "other_countries_2h": fr17_other_countries_2h.feature,
        "unseen_device": fr19_unseen_device.feature,
        "new_device_amount": fr19_new_device_amount.feature,
        "device_parties": fr20_device_parties.feature,
        "unproven_device_parties": fr20_unproven_device_parties.feature,
        "unpaid_attempts_10m": fr21_unpaid_attempts_10m.feature,
        "instrument_parties": fr22_instrument_parties.feature,
        "instruments_24h": fr23_instruments_24h.feature,
        "instruments_7d": fr23_instruments_7d.feature,
        "top_up_after_trial_1h": fr24_top_up_after_trial_1h.feature,
        "seconds_since_tier_change": fr25_seconds_since_tier_change.feature,
        "seconds_since_tier_change_to_new_payee": fr25_tier_change_to_new_payee.feature,
        "card_money_out": fr26_card_money_out.feature,
        "denied_country": fr32_denied_country.feature,
        "denied_mcc": fr32_denied_mcc.feature,
        "denied_rail": fr32_denied_rail.feature,
        "unauthenticated_amount": fr34_unauthenticated_amount.feature,
        "unauthenticated_count": fr34_unauthenticated_count.feature,
        "unauthenticated_sum": fr34_unauthenticated_sum.feature,
    }
)
FEATURES: Final = frozenset(RULES)
