"""Merchant risk: what the merchant rules of a ruleset say about a sale that arrives.

Owns: which of them fired, their score, and how much of the sale they want kept back.
Never: refuses a sale, computes a feature (`ledger.fraud.merchants`), knows what was agreed.

The payer's entry is final when a sale arrives, so all that is left to do is to keep more of it.
"""

from __future__ import annotations

from ledger.calendar import DAY_S
from ledger.case import Moment
from ledger.chart import INT64_MAX
from ledger.risk import band_of
from ledger.trades import NIGHT_ENDS_S, NO_TRADE, Selling
from schemas.messages.events import MerchantSold
from schemas.messages.legs import Leg
from schemas.messages.rows import MerchantFinding


def judged(moment: Moment, leg: Leg) -> MerchantSold:
    """Return a sale as it enters its merchant's history, with what the rules found."""
    programme = moment.programme
    selling = Selling(
        leg.from_wallet_id,
        min(programme.base(leg.currency, leg.amount), INT64_MAX),
        programme.calendar.day(moment.at),
        programme.calendar.shown(moment.at) % DAY_S < NIGHT_ENDS_S,
        moment.view.trades.get(leg.to_wallet_id) or NO_TRADE,
    )
    fired: list[MerchantFinding] = []
    missing: list[str] = []
    for rule, feature in programme.merchant_rules:
        value = feature(selling)
        if value is None:
            missing.append(rule.feature)
            weight = rule.missing_weight
            if weight == 0:
                continue
        else:
            band = band_of(rule, value)
            if band is None:
                continue
            weight = band.weight
        fired.append(MerchantFinding(rule.rule_id, rule.feature, value, weight))
    score = sum([each.weight for each in fired])
    ruleset = programme.ruleset
    return MerchantSold(
        leg.to_wallet_id,
        selling.payer,
        selling.base_amount,
        selling.day,
        selling.night,
        score,
        ruleset.merchant_reserve_bp if score >= ruleset.merchant_reserve_at else 0,
        tuple(fired),
        tuple(missing),
    )
