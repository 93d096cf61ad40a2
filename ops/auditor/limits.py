"""Limits: what a wallet may still pay and take, by looking at all it did.

Owns: the ceilings of a tier, outgoing and incoming, in their order; giving back.
Never: keeps a running sum of a rolling window: it is added up again every time.
"""

from __future__ import annotations

from typing import Final

from ops.auditor.answer import Refused
from ops.auditor.books import (
    INT64_MAX,
    WALLET_ACCOUNTS,
    Attempt,
    Books,
    Consumed,
    Wallet,
)
from ops.auditor.history import Paid, Received
from ops.auditor.money import base, day_and_month, is_round, limits, near
from ops.auditor.until import first_after, leaves, midnight, monday_after, refuse
from ops.auditor.wish import Wish
from schemas.messages.policy import TierLimits
from schemas.messages.vocabulary import OutflowFamily, RejectionReason, WalletKind

HOUR_US: Final = 3_600_000_000
DAY_US: Final = 24 * HOUR_US
FIRST_PAYMENTS_KEPT: Final = 64
NO_LIMIT: Final = -1


def within(wallet: Wallet, at: int, window_us: int) -> list[Attempt]:
    """Return the attempts in (at - window, at]; times only grow, so it reads from the end."""
    found: list[Attempt] = []
    for attempt in reversed(wallet.attempts):
        if attempt.at <= at - window_us:
            break
        found.append(attempt)
    return found


def check_log(books: Books, wallet: Wallet) -> None:
    """Refuse what the log of attempts has no room for; such an attempt is not counted."""
    if len(within(wallet, books.at, DAY_US)) >= books.policy.max_outflow_entries:
        raise Refused(RejectionReason.BOUND_EXCEEDED, "max_outflow_entries")


def check_out(books: Books, wish: Wish) -> None:
    """Refuse what is above a ceiling for outgoing money."""
    wallet = books.wallets[wish.wallet_id]
    ceiling = limits(books.policy, wallet.tier)
    minor = base(books.policy, wish.currency, wish.amount)
    if minor > ceiling.per_tx_out:
        raise Refused(RejectionReason.LIMIT_PER_TX, "per_tx_out")
    _check_sums(books, wallet, ceiling, minor)
    _check_counts(books, wallet, ceiling)
    if wish.payee not in wallet.payees:
        _check_new_payee(books, wallet, ceiling.new_payees_day)
    withdraws = wish.family is OutflowFamily.WITHDRAWAL
    if withdraws and ceiling.withdrawal_day_out != NO_LIMIT:
        day, _ = day_and_month(books.policy, books.at)
        sums = (wallet.withdrawn_by_day, day, ceiling.withdrawal_day_out)
        _check_period(books, "withdrawal_day_out", sums, minor, day + 1)
    gates = (
        ("transfer_out", ceiling.transfer_out),
        ("p2p_out", wish.family is not OutflowFamily.P2P or ceiling.p2p_out),
        ("withdrawal_out", not withdraws or ceiling.withdrawal_out),
    )
    for name, is_open in gates:
        if not is_open:
            raise Refused(RejectionReason.KYC_REQUIRED, name)


def _check_sums(books: Books, wallet: Wallet, ceiling: TierLimits, minor: int) -> None:
    day, month = day_and_month(books.policy, books.at)
    week = monday_after(day)
    periods = (
        ("day_out", (wallet.out_by_day, day, ceiling.day_out), day + 1),
        ("week_out", (wallet.out_by_week, week, ceiling.week_out), week),
        ("month_out", (wallet.out_by_month, month, ceiling.month_out), first_after(day)),
    )
    for name, sums, ends in periods:
        if sums[2] != NO_LIMIT:
            _check_period(books, name, sums, minor, ends)
    inside = within(wallet, books.at, DAY_US)
    over = sum(each.amount for each in inside) + minor - ceiling.rolling_24h_out
    if over > 0:
        frees = leaves(inside, DAY_US, over, lambda each: each.amount)
        raise refuse(RejectionReason.LIMIT_WINDOW, "rolling_24h_out", frees)


def _check_period(
    books: Books, name: str, sums: tuple[dict[int, int], int, int], minor: int, ends: int
) -> None:
    by_period, period, ceiling = sums
    if by_period.get(period, 0) + minor > ceiling:
        frees = midnight(books.policy, books.at, ends) if minor <= ceiling else None
        raise refuse(RejectionReason.LIMIT_WINDOW, name, frees)


def _check_counts(books: Books, wallet: Wallet, ceiling: TierLimits) -> None:
    for name, window_us, most in (
        ("count_out_hour", HOUR_US, ceiling.count_out_hour),
        ("count_out_day", DAY_US, ceiling.count_out_day),
    ):
        inside = within(wallet, books.at, window_us)
        over = sum(each.count for each in inside) + 1 - most
        if most != NO_LIMIT and over > 0:
            frees = leaves(inside, window_us, over, lambda each: each.count)
            raise refuse(RejectionReason.LIMIT_COUNT, name, frees)
    most = ceiling.count_out_30d
    today, _ = day_and_month(books.policy, books.at)
    if most == NO_LIMIT or _count_of_days(wallet, today, today) < most:
        return
    fitting = [
        day for day in range(today + 1, today + 32) if _count_of_days(wallet, day, today) < most
    ]
    frees = midnight(books.policy, books.at, fitting[0]) if fitting else None
    raise refuse(RejectionReason.LIMIT_COUNT, "count_out_30d", frees)


def _count_of_days(wallet: Wallet, day: int, last: int) -> int:
    """Return the movements of a day and the 30 before it, nothing happening after `last`."""
    return sum(wallet.count_by_day.get(each, 0) for each in range(day - 30, last + 1))


def _check_new_payee(books: Books, wallet: Wallet, most: int) -> None:
    times = [each for each in wallet.first_payments if each > books.at - DAY_US]
    if most == NO_LIMIT or len(times) < most:
        return
    later = [each + DAY_US for each in times]
    fitting = [at for at in later if sum(1 for each in later if each > at) < most]
    frees = fitting[0] if fitting else None
    raise refuse(RejectionReason.LIMIT_COUNT, "new_payees_day", frees)


def consume(books: Books, wish: Wish) -> Consumed:
    """Count an outgoing movement."""
    wallet = books.wallets[wish.wallet_id]
    new = wish.payee not in wallet.payees
    minor = base(books.policy, wish.currency, wish.amount)
    day, month = day_and_month(books.policy, books.at)
    attempt = Attempt(books.at, minor, 1)
    consumed = Consumed(attempt, day, month, minor, wish.family)
    wallet.attempts.append(attempt)
    for sums, period in _sums_of(wallet, consumed):
        sums[period] = sums.get(period, 0) + minor
    wallet.count_by_day[day] = wallet.count_by_day.get(day, 0) + 1
    what = f"out {wish.family.name}"
    books.limits.append((what, wish.wallet_id, minor, day, month, new))
    just_below = near(books.policy, books.rulesets.deciding, wallet.tier, minor)
    whole = is_round(books.policy, wish.currency, wish.amount)
    said = (books.origin.device_id, books.origin.authentication, books.origin.country)
    wallet.paid.append(Paid(books.at, day, minor, wish.payee, whole, just_below, *said))
    if new:
        wallet.payees.add(wish.payee)
        wallet.first_payments = [*wallet.first_payments, books.at][-FIRST_PAYMENTS_KEPT:]
    return consumed


def _sums_of(wallet: Wallet, consumed: Consumed) -> list[tuple[dict[int, int], int]]:
    sums = [
        (wallet.out_by_day, consumed.day),
        (wallet.out_by_week, monday_after(consumed.day)),
        (wallet.out_by_month, consumed.month),
    ]
    if consumed.family is OutflowFamily.WITHDRAWAL:
        sums.append((wallet.withdrawn_by_day, consumed.day))
    return sums


def give_back(books: Books, wallet_id: str, consumed: Consumed, part: int, *, whole: bool) -> None:
    """Give back to the windows it came from; never more than is there, the count if whole."""
    wallet = books.wallets[wallet_id]
    what = "back withdrawn" if consumed.family is OutflowFamily.WITHDRAWAL else "back"
    books.limits.append((what, wallet_id, part, consumed.day, consumed.month, whole))
    consumed.attempt.amount -= min(part, consumed.attempt.amount)
    if whole:
        consumed.attempt.count = 0
        wallet.count_by_day[consumed.day] -= 1
    for sums, period in _sums_of(wallet, consumed):
        sums[period] = max(0, sums.get(period, 0) - part)
    books.touched.add(wallet_id)


def check_in(books: Books, wallet_id: str, currency: str, paid: int, arrives: int) -> None:
    """Refuse what is above a ceiling for incoming money: `paid` counts, `arrives` is stored."""
    check_in_windows(books, wallet_id, currency, paid)
    check_cap(books, wallet_id, currency, arrives)
    too_much = base(books.policy, currency, paid) > INT64_MAX
    if too_much or stored(books, wallet_id, currency) + arrives > INT64_MAX:
        raise Refused(RejectionReason.AMOUNT_OVERFLOW)


def check_in_windows(books: Books, wallet_id: str, currency: str, paid: int) -> None:
    """Refuse what is too much at once, or too much in a day or month."""
    wallet = books.wallets[wallet_id]
    ceiling = limits(books.policy, wallet.tier)
    minor = base(books.policy, currency, paid)
    day, month = day_and_month(books.policy, books.at)
    if minor > ceiling.per_tx_in:
        raise Refused(RejectionReason.LIMIT_PER_TX, "per_tx_in")
    _check_period(books, "day_in", (wallet.in_by_day, day, ceiling.day_in), minor, day + 1)
    sums = (wallet.in_by_month, month, ceiling.month_in)
    _check_period(books, "month_in", sums, minor, first_after(day))


def is_over_cap(books: Books, wallet_id: str, currency: str, arrives: int) -> bool:
    """Tell whether a wallet with so much more would hold more than its tier may."""
    wallet = books.wallets[wallet_id]
    held = [base(books.policy, each, current(books, wallet_id, each)) for each in wallet.currencies]
    more = base(books.policy, currency, arrives)
    return sum(held) + more > limits(books.policy, wallet.tier).balance_cap


def check_cap(books: Books, wallet_id: str, currency: str, arrives: int) -> None:
    """Refuse what would take a wallet over its cap."""
    if is_over_cap(books, wallet_id, currency, arrives):
        raise Refused(RejectionReason.LIMIT_BALANCE_CAP, "balance_cap")


def current(books: Books, wallet_id: str, currency: str) -> int:
    """Return all the money a wallet has in a currency, in whichever account."""
    return -sum(books.balance(account, wallet_id, currency) for account in WALLET_ACCOUNTS)


def stored(books: Books, wallet_id: str, currency: str) -> int:
    """Return what the accounts hold that hold something: what needs room in 64 bits."""
    held = [-books.balance(account, wallet_id, currency) for account in WALLET_ACCOUNTS]
    return sum(each for each in held if each > 0)


def consume_in(  # noqa: PLR0913 - how much, to whom and from where
    books: Books,
    wallet_id: str,
    currency: str,
    paid: int,
    *,
    card: bool = False,
    sender: str = "",
    instrument: str = "",
) -> None:
    """Count an incoming movement; nobody keeps who paid a merchant."""
    wallet = books.wallets[wallet_id]
    sender = "" if wallet.kind is WalletKind.MERCHANT else sender
    minor = base(books.policy, currency, paid)
    day, month = day_and_month(books.policy, books.at)
    what = came_from(sender, instrument)
    books.limits.append((what, wallet_id, minor, day, month, card))
    paid_so_far = len(wallet.paid)
    source = (sender, instrument)
    wallet.received.append(Received(books.at, day, minor, card, paid_so_far, *source))
    wallet.in_by_day[day] = wallet.in_by_day.get(day, 0) + minor
    wallet.in_count_by_day[day] = wallet.in_count_by_day.get(day, 0) + 1
    wallet.in_by_month[month] = wallet.in_by_month.get(month, 0) + minor
    books.touched.add(wallet_id)


def came_from(sender: str, instrument: str) -> str:
    """Return how an incoming movement is told from others of its size."""
    return " ".join(["in", *[each for each in (sender, instrument) if each]])


def give_back_in(books: Books, wallet_id: str, consumed: Consumed) -> None:
    """An incoming movement was taken back: its day and month have room for it again."""
    wallet = books.wallets[wallet_id]
    part = consumed.base
    books.limits.append(("in back", wallet_id, part, consumed.day, consumed.month, False))
    wallet.in_count_by_day[consumed.day] -= 1
    for sums, period in ((wallet.in_by_day, consumed.day), (wallet.in_by_month, consumed.month)):
        sums[period] = max(0, sums.get(period, 0) - part)
    books.touched.add(wallet_id)
