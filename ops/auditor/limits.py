"""Limits: what a wallet may still pay and take, by looking at all it did.

Owns: the ceilings of a tier, outgoing and incoming, in their order; giving back.
Never: keeps a running sum of a rolling window: it is added up again every time.
"""

from __future__ import annotations

from typing import Final

from ops.auditor.answer import Refused
from ops.auditor.books import INT64_MAX, WALLET_ACCOUNTS, Attempt, Books, Consumed, Wallet
from ops.auditor.money import base, day_and_month, limits
from schemas.messages.vocabulary import RejectionReason

HOUR_US: Final = 3_600_000_000
DAY_US: Final = 24 * HOUR_US
FIRST_PAYMENTS_KEPT: Final = 64


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


def check_out(books: Books, wallet: Wallet, currency: str, amount: int) -> None:
    """Refuse what is above a ceiling for outgoing money."""
    ceiling = limits(books.policy, wallet.tier)
    minor = base(books.policy, currency, amount)
    day, month = day_and_month(books.policy, books.at)
    last_day = sum(each.amount for each in within(wallet, books.at, DAY_US))
    last_hour = sum(each.count for each in within(wallet, books.at, HOUR_US))
    if minor > ceiling.per_tx_out:
        raise Refused(RejectionReason.LIMIT_PER_TX, "per_tx_out")
    if wallet.out_by_day.get(day, 0) + minor > ceiling.day_out:
        raise Refused(RejectionReason.LIMIT_WINDOW, "day_out")
    if wallet.out_by_month.get(month, 0) + minor > ceiling.month_out:
        raise Refused(RejectionReason.LIMIT_WINDOW, "month_out")
    if last_day + minor > ceiling.rolling_24h_out:
        raise Refused(RejectionReason.LIMIT_WINDOW, "rolling_24h_out")
    if last_hour + 1 > ceiling.count_out_hour:
        raise Refused(RejectionReason.LIMIT_COUNT, "count_out_hour")
    if not ceiling.transfer_out:
        raise Refused(RejectionReason.KYC_REQUIRED, "transfer_out")


def consume(books: Books, wallet_id: str, payee: str, currency: str, amount: int) -> Consumed:
    """Count an outgoing movement."""
    wallet = books.wallets[wallet_id]
    new = payee not in wallet.payees
    minor = base(books.policy, currency, amount)
    day, month = day_and_month(books.policy, books.at)
    attempt = Attempt(books.at, minor, 1)
    wallet.attempts.append(attempt)
    wallet.out_by_day[day] = wallet.out_by_day.get(day, 0) + minor
    wallet.out_by_month[month] = wallet.out_by_month.get(month, 0) + minor
    books.limits.append(("out", wallet_id, minor, day, month, new))
    if new:
        wallet.payees.add(payee)
        wallet.first_payments = [*wallet.first_payments, books.at][-FIRST_PAYMENTS_KEPT:]
    return Consumed(attempt, day, month, minor)


def give_back(books: Books, wallet_id: str, consumed: Consumed, part: int, *, whole: bool) -> None:
    """Give back to the windows it came from; never more than is there, the count if whole."""
    wallet = books.wallets[wallet_id]
    books.limits.append(("back", wallet_id, part, consumed.day, consumed.month, whole))
    consumed.attempt.amount -= min(part, consumed.attempt.amount)
    if whole:
        consumed.attempt.count = 0
    for sums, period in (
        (wallet.out_by_day, consumed.day),
        (wallet.out_by_month, consumed.month),
    ):
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
    if wallet.in_by_day.get(day, 0) + minor > ceiling.day_in:
        raise Refused(RejectionReason.LIMIT_WINDOW, "day_in")
    if wallet.in_by_month.get(month, 0) + minor > ceiling.month_in:
        raise Refused(RejectionReason.LIMIT_WINDOW, "month_in")


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


def consume_in(books: Books, wallet_id: str, currency: str, paid: int) -> None:
    """Count an incoming movement."""
    wallet = books.wallets[wallet_id]
    minor = base(books.policy, currency, paid)
    day, month = day_and_month(books.policy, books.at)
    books.limits.append(("in", wallet_id, minor, day, month, False))
    wallet.in_by_day[day] = wallet.in_by_day.get(day, 0) + minor
    wallet.in_by_month[month] = wallet.in_by_month.get(month, 0) + minor
    books.touched.add(wallet_id)


def give_back_in(books: Books, wallet_id: str, consumed: Consumed) -> None:
    """An incoming movement was taken back: its day and month have room for it again."""
    wallet = books.wallets[wallet_id]
    part = consumed.base
    books.limits.append(("in back", wallet_id, part, consumed.day, consumed.month, False))
    for sums, period in ((wallet.in_by_day, consumed.day), (wallet.in_by_month, consumed.month)):
        sums[period] = max(0, sums.get(period, 0) - part)
    books.touched.add(wallet_id)
