"""Behaviour: features that compare an attempt with all that a wallet did before.

Owns: the features of the rules from FR02 on that need a history; each looks at all of it again.
Never: keeps a sum, a ring or a bucket; knows bands, weights or actions.
"""

from __future__ import annotations

from itertools import pairwise
from math import isqrt
from typing import Final

from ops.auditor.books import Books, Wallet
from ops.auditor.history import Paid, Received
from ops.auditor.limits import DAY_US, HOUR_US, within
from ops.auditor.money import base, day_and_month, is_round, near
from ops.auditor.wish import Wish

LARGEST: Final = 10**9
BENFORD: Final = (301_030, 176_091, 124_939, 96_910, 79_181, 66_947, 57_992, 51_153, 45_757)


def compared(books: Books, wallet: Wallet, wish: Wish) -> dict[str, int | None]:
    """Return the features; None = it has no value."""
    minor = base(books.policy, wish.currency, wish.amount)
    day, _ = day_and_month(books.policy, books.at)
    age = books.at - wallet.opened_at
    spent = minor + sum(each.amount for each in within(wallet, books.at, DAY_US))
    acts = [each.at for each in wallet.attempts[-1:]] + [each.at for each in _cards(wallet)[-1:]]
    changed = (books.at - wallet.tier_changed_at) // 1_000_000 if wallet.tier_changed_at else None
    similar = [each for each in wallet.paid if each.payee == wish.payee][-3:]
    return {
        "out_24h_sigmas": _sigmas(wallet, day, spent),
        "amount_to_max_90d": _to_largest(wallet, day, minor),
        "amount_over_p95": _over_p95(wallet, wish.payee, minor),
        "similar_to_payee": sum(1 for each in similar if abs(each.minor - minor) * 10 <= minor),
        "days_dormant": (books.at - max(wallet.opened_at, *acts, 0)) // DAY_US,
        "out_24h_first_day": spent if age < DAY_US else 0,
        "out_24h_first_week": spent if DAY_US <= age < 7 * DAY_US else 0,
        "rapid_in_out": _rapid(books, wallet, minor),
        "pass_through_7d": _passed_through(wallet, day, minor),
        "structuring_7d": _structuring(books, wallet, minor),
        "round_amounts": _round_share(
            wallet, round_now=is_round(books.policy, wish.currency, wish.amount)
        ),
        "benford": _benford(wallet),
        "seconds_since_tier_change": changed,
        "seconds_since_tier_change_to_new_payee": (
            changed if wish.payee not in wallet.payees else None
        ),
        "card_money_out": _card_money(books, wallet, wish),
    }


def _sigmas(wallet: Wallet, day: int, spent: int) -> int | None:
    days = [wallet.out_by_day.get(each, 0) for each in range(day - 30, day)]
    days = [each for each in days if each > 0]
    count, total = len(days), sum(days)
    if count < 5:  # noqa: PLR2004 - days with spending
        return None
    if spent * count <= total:
        return 0
    squares = sum((each * count - total) ** 2 for each in days)
    deviation = isqrt(squares // count)  # n times the deviation
    return min((spent * count - total) * 100 // deviation, LARGEST) if deviation else None


def _to_largest(wallet: Wallet, day: int, minor: int) -> int | None:
    last = [each.minor for each in wallet.paid if each.day >= day - 90]
    if len(wallet.paid) < 5 or not last:  # noqa: PLR2004 - payments
        return None
    return min(minor * 100 // max(1, *last), LARGEST)


def _over_p95(wallet: Wallet, payee: str, minor: int) -> int | None:
    if payee in wallet.payees:
        return 0
    last = sorted(each.minor for each in wallet.paid[-20:])
    if len(last) < 20:  # noqa: PLR2004 - payments
        return None
    return 1 if minor > last[18] else 0


def _rapid(books: Books, wallet: Wallet, minor: int) -> int:
    half_hour = HOUR_US // 2
    if not wallet.received or books.at - wallet.received[-1].at > half_hour:
        return 0
    run = [wallet.received[-1]]
    for newer, older in pairwise(reversed(wallet.received)):
        if newer.at - older.at > half_hour:
            break
        run.append(older)
    out = sum(each.minor for each in wallet.paid[run[-1].after :]) + minor
    return min(out * 100 // max(1, sum(each.minor for each in run)), LARGEST)


def _passed_through(wallet: Wallet, day: int, minor: int) -> int | None:
    days = range(day - 7, day + 1)
    came = sum(wallet.in_count_by_day.get(each, 0) for each in days)
    brought = sum(wallet.in_by_day.get(each, 0) for each in days)
    went = sum(wallet.count_by_day.get(each, 0) for each in days) + 1
    if min(came, went) < 5:  # noqa: PLR2004 - movements
        return None
    money = sum(wallet.out_by_day.get(each, 0) for each in days) + minor
    return min(money * 1_000 // max(1, brought), LARGEST)


def _structuring(books: Books, wallet: Wallet, minor: int) -> int:
    last = [each for each in wallet.paid if each.near][-16:]
    last = [each for each in last if each.at > books.at - 7 * DAY_US]
    numbers = near(books.policy, books.rulesets.deciding, wallet.tier, minor)
    return max((_near_one(last, number) + 1 for number in numbers), default=0)


def _near_one(last: list[Paid], number: int) -> int:
    return sum(1 for each in last if number in each.near)


def _round_share(wallet: Wallet, *, round_now: bool) -> int | None:
    last = [*(each.is_round for each in wallet.paid), round_now][-20:]
    return sum(last) * 100 // len(last) if len(last) >= 10 else None  # noqa: PLR2004 - payments


def _benford(wallet: Wallet) -> int | None:
    first = [int(str(each.minor)[0]) for each in wallet.paid[-100:]]
    if len(first) < 50:  # noqa: PLR2004 - payments
        return None
    parts = []
    for digit, share in enumerate(BENFORD, 1):
        expected = len(first) * share
        parts.append((first.count(digit) * 10**6 - expected) ** 2 * 1_000 // (expected * 10**6))
    return sum(parts)


def _cards(wallet: Wallet) -> list[Received]:
    return [each for each in wallet.received if each.card]


def _card_money(books: Books, wallet: Wallet, wish: Wish) -> int:
    cards = _cards(wallet)
    if not cards or books.at - cards[-1].at > HOUR_US:
        return 0
    held = -books.balance("W.AVL", wish.wallet_id, wish.currency)
    left = base(books.policy, wish.currency, held - wish.total)
    return max(0, cards[-1].minor - left) * 100 // max(1, cards[-1].minor)
