"""Risk: the fraud decision, from the ruleset and all that the wallet did.

Owns: the features a ruleset may name, its bands, its score and the action that follows.
Never: does anything about it.
"""

from __future__ import annotations

from typing import Final

from ops.auditor.answer import Fired
from ops.auditor.behaviour import compared
from ops.auditor.books import Books
from ops.auditor.flags import flagged
from ops.auditor.limits import DAY_US, HOUR_US, within
from ops.auditor.origins import origins
from ops.auditor.sources import sources
from ops.auditor.wish import Wish
from schemas.messages.policy import Band, Ruleset, Typology
from schemas.messages.vocabulary import RiskAction

TEN_MINUTES_US: Final = HOUR_US // 6
STRENGTH: Final = (RiskAction.ALLOW, RiskAction.STEP_UP, RiskAction.REVIEW, RiskAction.BLOCK)
FEATURES: Final = frozenset(
    {
        "out_attempts_10m",
        "out_attempts_1h",
        "out_attempts_24h",
        "out_24h_sigmas",
        "amount_to_max_90d",
        "new_payees_24h",
        "first_payment",
        "amount_over_p95",
        "similar_to_payee",
        "seconds_since_previous_out",
        "seconds_since_previous_out_to_new_payee",
        "days_dormant",
        "out_24h_first_day",
        "out_24h_first_week",
        "rapid_in_out",
        "pass_through_7d",
        "structuring_7d",
        "round_amounts",
        "benford",
        "unpaid_attempts_10m",
        "seconds_since_tier_change",
        "seconds_since_tier_change_to_new_payee",
        "card_money_out",
        "senders_24h",
        "similar_senders_24h",
        "instruments_24h",
        "instruments_7d",
        "top_up_after_trial_1h",
        *("device_parties", "unproven_device_parties", "instrument_parties"),
        *("unseen_device", "new_device_amount", "other_countries_2h"),
        *("denied_country", "denied_mcc", "denied_rail"),
        *("unauthenticated_amount", "unauthenticated_count", "unauthenticated_sum"),
    }
)


def features(books: Books, wish: Wish) -> dict[str, int | None]:
    """Return every feature; this attempt counts, None = it has no value."""
    wallet = books.wallets[wish.wallet_id]
    at, new = books.at, wish.payee not in wallet.payees
    previous = wallet.attempts[-1].at if wallet.attempts else None
    seconds = None if previous is None else (at - previous) // 1_000_000
    first = sum(1 for each in wallet.first_payments if each > at - DAY_US)
    return {
        "out_attempts_10m": len(within(wallet, at, TEN_MINUTES_US)) + 1,
        "out_attempts_1h": len(within(wallet, at, HOUR_US)) + 1,
        "out_attempts_24h": len(within(wallet, at, DAY_US)) + 1,
        "unpaid_attempts_10m": sum(
            1 for each in within(wallet, at, TEN_MINUTES_US) if each.count == 0
        ),
        "new_payees_24h": first + (1 if new else 0),
        "first_payment": 1 if new else 0,
        "seconds_since_previous_out": seconds,
        "seconds_since_previous_out_to_new_payee": seconds if new else None,
        **compared(books, wallet, wish),
        **origins(books, wallet, wish),
        **flagged(books, wallet),
        **sources(wallet, at, books.rulesets.deciding.small_top_up),
    }


def action_of(books: Books, wish: Wish) -> RiskAction:
    """Return what is to be done: the strongest of the bands' actions and the scores'."""
    values = features(books, wish)
    actions = [RiskAction.ALLOW]
    fired: list[Fired] = []
    for rule in books.rulesets.deciding.rules:
        value = values[rule.feature]
        if value is None:
            fired += [(rule.feature, None, rule.missing_weight)] * (rule.missing_weight != 0)
            continue
        for band in [each for each in rule.bands if holds(each, value)][:1]:
            fired.append((rule.feature, value, band.weight))
            actions.append(band.action)
    score = sum(weight for _, _, weight in fired)
    scores: list[tuple[str, int]] = []
    for typology in books.rulesets.deciding.typologies:
        shares = {each.feature: each.percent for each in typology.shares}
        part = sum(weight * shares.get(name, 0) // 100 for name, _, weight in fired)
        actions.append(_of_score(typology, part))
        scores += [(typology.typology_id, part)] * (part > 0)
    actions.append(_of_score(books.rulesets.deciding, score))
    strongest = max(actions, key=STRENGTH.index)
    asked = [each.feature for each in books.rulesets.deciding.rules]
    missing = tuple(each for each in asked if values[each] is None)
    books.risk = (strongest, score, tuple(scores), tuple(fired), missing)
    return strongest


def holds(band: Band, value: int) -> bool:
    """Tell whether a value is in a band."""
    return band.low <= value and (band.high is None or value < band.high)


def _of_score(limits: Ruleset | Typology, score: int) -> RiskAction:
    thresholds = (limits.step_up_at, limits.review_at, limits.block_at)
    return STRENGTH[sum(1 for each in thresholds if score >= each)]
