"""Recounted: what a wallet's counters must be, by the auditor's list of all that it ever did.

Owns: each counter of `ri12_limits`, added up again from that list, at the wallet's latest movement.
Never: imports the core or keeps a sum: that is how the writer does it.
"""

from __future__ import annotations

from datetime import date
from typing import Final

from ops.auditor.books import Attempt, Wallet
from ops.auditor.limits import DAY_US, FIRST_PAYMENTS_KEPT, HOUR_US, within
from ops.auditor.money import EPOCH
from ops.auditor.until import monday_after
from schemas.messages.vocabulary import Authentication
from streams.reconciliation.rounds.ri12_limits import Counter, without_end

TEN_MINUTES_US: Final = 600_000_000
DAYS_KEPT: Final = 30
DAYS_IN_KEPT: Final = 7
MONTHS: Final = 12


def recounted(wallet: Wallet) -> dict[str, Counter]:
    """Return every counter of a wallet."""
    return {**_attempts(wallet), **_outgoing(wallet), **_incoming(wallet), **_since(wallet)}


def _attempts(wallet: Wallet) -> dict[str, Counter]:
    latest = wallet.attempts[-1].at if wallet.attempts else 0
    found: dict[str, Counter] = {"attempts": len(wallet.attempts), "latest attempt": latest}
    inside: list[Attempt] = []
    for name, length_us in (("10m", TEN_MINUTES_US), ("1h", HOUR_US), ("24h", DAY_US)):
        inside = within(wallet, latest, length_us)
        found[f"{name} first"] = len(wallet.attempts) - len(inside)
        found[f"{name} sum"] = sum(each.amount for each in inside)
        found[f"{name} count"] = sum(each.count for each in inside)
        found[f"{name} attempts"] = len(inside)
    found["kept from"] = len(wallet.attempts) - len(inside)  # those of the longest window
    found["kept attempts"] = tuple((each.at, each.amount, each.count) for each in inside[::-1])
    return found


def _outgoing(wallet: Wallet) -> dict[str, Counter]:
    day = wallet.paid[-1].day if wallet.paid else 0
    month = _month_of(day) if wallet.paid else 0
    before = range(day - 1, day - 1 - DAYS_KEPT, -1)
    return {
        "day out": day,
        "day out sum": wallet.out_by_day.get(day, 0),
        "day out count": wallet.count_by_day.get(day, 0),
        "day withdrawn": wallet.withdrawn_by_day.get(day, 0),
        "week out sum": wallet.out_by_week.get(monday_after(day), 0),
        "month out": month,
        "month out sum": wallet.out_by_month.get(month, 0),
        "new payees": _new_payees(wallet),
        "30 days counts": without_end([wallet.count_by_day.get(each, 0) for each in before]),
        "30 days sums": without_end([wallet.out_by_day.get(each, 0) for each in before]),
    }


def _new_payees(wallet: Wallet) -> tuple[int, ...]:
    """Return when payees were new in the 24 hours before the latest that was."""
    times = wallet.first_payments
    kept = [each for each in times if each > times[-1] - DAY_US or each == times[-1]]
    return tuple(kept[-FIRST_PAYMENTS_KEPT:])


def _incoming(wallet: Wallet) -> dict[str, Counter]:
    day = wallet.received[-1].day if wallet.received else 0
    month = _month_of(day) if wallet.received else 0
    before = range(day - 1, day - 1 - DAYS_IN_KEPT, -1)
    return {
        "day in": day,
        "day in sum": wallet.in_by_day.get(day, 0),
        "day in count": wallet.in_count_by_day.get(day, 0),
        "month in": month,
        "month in sum": wallet.in_by_month.get(month, 0),
        "7 days in counts": without_end([wallet.in_count_by_day.get(each, 0) for each in before]),
        "7 days in sums": without_end([wallet.in_by_day.get(each, 0) for each in before]),
    }


def _since(wallet: Wallet) -> dict[str, Counter]:
    """Return what was paid since the latest strong authentication; 0 before the first one."""
    said = [each.authentication for each in wallet.paid]
    if Authentication.STRONG not in said:
        return {}
    latest = max(place for place, each in enumerate(said) if each is Authentication.STRONG)
    later = [each for each in wallet.paid[latest:] if each.authentication is Authentication.NONE]
    return {
        "since authentication count": len(later) + 1,
        "since authentication sum": sum(each.minor for each in later),
    }


def _month_of(day: int) -> int:
    found = date.fromordinal(day + EPOCH.toordinal())
    return (found.year - EPOCH.year) * MONTHS + found.month - 1
