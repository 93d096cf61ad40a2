"""Trades: what a merchant rule of a ruleset finds, by a look at all that a merchant ever sold.

Owns: FR27 and FR28, their score, and how much of a sale is kept back for it.
Never: keeps a ring or a bucket; shares a formula with the ledger.
"""

from __future__ import annotations

from math import isqrt
from typing import Final

from ops.auditor.books import INT64_MAX, Books
from ops.auditor.history import Sold
from ops.auditor.kept import Traded
from ops.auditor.money import base, day_and_month, seconds_of_day
from ops.auditor.risk import holds
from schemas.messages.legs import Leg

Found = tuple[str, int | None, int]  # feature, value, weight
LARGEST: Final = 10**9
LATEST: Final = 20
MONTH: Final = 30
MORNING_S: Final = 5 * 3_600


def sell(books: Books, leg: Leg) -> int:
    """Remember a sale; return the ten-thousandths of it that are to be kept back at least."""
    rules = books.rulesets.deciding
    day, _ = day_and_month(books.policy, books.at)
    night = seconds_of_day(books.policy, books.at) < MORNING_S
    minor = min(base(books.policy, leg.currency, leg.amount), INT64_MAX)
    sale = Sold(day, minor, leg.from_wallet_id, night)
    traded = books.wallets[leg.to_wallet_id].traded
    values = features(traded, sale)
    fired: list[Found] = []
    for rule in rules.merchant_rules:
        value = values[rule.feature]
        if value is None:
            fired += [(rule.feature, None, rule.missing_weight)] * (rule.missing_weight != 0)
            continue
        for band in [each for each in rule.bands if holds(each, value)][:1]:
            fired.append((rule.feature, value, band.weight))
    score = sum(weight for _, _, weight in fired)
    raised = rules.merchant_reserve_bp if score >= rules.merchant_reserve_at else 0
    missing = tuple(each.feature for each in rules.merchant_rules if values[each.feature] is None)
    found = (sale.payer, minor, day, night, score, raised, tuple(fired), missing)
    traded.found = [each for each in traded.found if each[0] == books.sequence]
    traded.found.append((books.sequence, (leg.to_wallet_id, *found)))
    traded.sales.append(sale)
    return raised


def gave_back(books: Books, merchant: str, currency: str, amount: int) -> None:
    """Remember a refund, or of nothing a dispute."""
    day, _ = day_and_month(books.policy, books.at)
    traded = books.wallets[merchant].traded
    if amount:
        traded.refunds.append((day, min(base(books.policy, currency, amount), INT64_MAX)))
    else:
        traded.disputes.append(day)


def features(traded: Traded, sale: Sold) -> dict[str, int | None]:
    """Return the features; None = it has no value."""
    first = sale.day - MONTH
    month = [(each.day, each.minor) for each in traded.sales if each.day >= first]
    sold = _by_days(month)
    refunded = _by_days([each for each in traded.refunds if each[0] >= first])
    disputes = sum(1 for day in traded.disputes if day >= first)
    latest = traded.sales[-LATEST:]
    enough = len(latest) == LATEST
    nights = sum(1 for each in latest if each.night)
    return {
        "refund_ratio_30d": (
            min(refunded * 1_000 // max(1, sold), LARGEST) if len(month) >= LATEST else None
        ),
        "dispute_ratio_30d": (
            min(disputes * 10_000 // len(month), LARGEST) if len(month) >= 5 * LATEST else None
        ),
        "ticket_sigmas": _sigmas([each.minor for each in latest], sale.minor) if enough else None,
        "night_share": nights * 100 // LATEST if enough else None,
        "payer_repeats": sum(1 for each in latest if each.payer == sale.payer),
    }


def _by_days(amounts: list[tuple[int, int]]) -> int:
    """Return their sum; no day has more than fits 64 bits."""
    days: dict[int, int] = {}
    for day, minor in amounts:
        days[day] = min(days.get(day, 0) + minor, INT64_MAX)
    return sum(days.values())


def _sigmas(amounts: list[int], minor: int) -> int | None:
    count, total = len(amounts), sum(amounts)
    deviation = isqrt(sum((each * count - total) ** 2 for each in amounts) // count)
    if not deviation:  # n times it
        return None
    return min(max(0, minor * count - total) * 100 // deviation, LARGEST)
