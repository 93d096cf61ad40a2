"""Risk: the fraud decision, from the ruleset and all that the wallet did.

Owns: the features a ruleset may name, its bands, its score and the action that follows.
Never: does anything about it.
"""

from __future__ import annotations

from typing import Final

from ops.auditor.books import Books, Wallet
from ops.auditor.limits import DAY_US, HOUR_US, within
from schemas.messages.policy import Band, Ruleset
from schemas.messages.vocabulary import RiskAction

TEN_MINUTES_US: Final = HOUR_US // 6
STRENGTH: Final = (RiskAction.ALLOW, RiskAction.STEP_UP, RiskAction.REVIEW, RiskAction.BLOCK)
FEATURES: Final = frozenset(
    {
        "out_attempts_10m",
        "out_attempts_1h",
        "out_attempts_24h",
        "new_payees_24h",
        "first_payment",
        "amount_over_p95",
        "seconds_since_previous_out",
        "seconds_since_previous_out_to_new_payee",
    }
)


def features(books: Books, wallet: Wallet, payee: str) -> dict[str, int | None]:
    """Return every feature; this attempt counts, None = it has no value."""
    at, new = books.at, payee not in wallet.payees
    previous = wallet.attempts[-1].at if wallet.attempts else None
    seconds = None if previous is None else (at - previous) // 1_000_000
    first = sum(1 for each in wallet.first_payments if each > at - DAY_US)
    return {
        "out_attempts_10m": len(within(wallet, at, TEN_MINUTES_US)) + 1,
        "out_attempts_1h": len(within(wallet, at, HOUR_US)) + 1,
        "out_attempts_24h": len(within(wallet, at, DAY_US)) + 1,
        "new_payees_24h": first + (1 if new else 0),
        "first_payment": 1 if new else 0,
        "amount_over_p95": None,
        "seconds_since_previous_out": seconds,
        "seconds_since_previous_out_to_new_payee": seconds if new else None,
    }


def action_of(books: Books, wallet: Wallet, payee: str) -> RiskAction:
    """Return what is to be done: the strongest of the bands' actions and the score's."""
    values = features(books, wallet, payee)
    actions = [RiskAction.ALLOW]
    score = 0
    for rule in books.ruleset.rules:
        value = values[rule.feature]
        if value is None:
            score += rule.missing_weight
            continue
        for band in [each for each in rule.bands if _holds(each, value)][:1]:
            score += band.weight
            actions.append(band.action)
    actions.append(_of_score(books.ruleset, score))
    strongest = max(actions, key=STRENGTH.index)
    books.risk = (strongest, score)
    return strongest


def _holds(band: Band, value: int) -> bool:
    return band.low <= value and (band.high is None or value < band.high)


def _of_score(ruleset: Ruleset, score: int) -> RiskAction:
    thresholds = (ruleset.step_up_at, ruleset.review_at, ruleset.block_at)
    return STRENGTH[sum(1 for each in thresholds if score >= each)]
