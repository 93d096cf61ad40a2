"""Incoming money: may it reach this wallet?

Owns: the one check that a top-up, a transfer on this partition and a CREDIT leg all pass.
Never: applies to returns, refunds and compensation; these are never refused.

Order: wallet, status, currency, limits, then room in 64 bits for its total in the currency.
"""

from __future__ import annotations

from ledger.calendar import month_of
from ledger.case import Moment
from ledger.chart import INT64_MAX
from ledger.limits import incoming_refusal
from ledger.outgoing import Incoming
from ledger.refusal import Refusal
from ledger.wallet_status import credit_refusal
from schemas.messages.events import InflowConsumed
from schemas.messages.rows import WalletRow
from schemas.messages.vocabulary import RejectionReason


def admit(moment: Moment, wallet_id: str, currency: str, amount: int) -> InflowConsumed | Refusal:
    """Return what an incoming amount consumes of the wallet's limits, or why it is refused."""
    row = moment.view.wallets.get(wallet_id)
    if row is None:
        return Refusal(RejectionReason.UNKNOWN_WALLET, wallet_id)
    refusal = credit_refusal(row, currency)
    if refusal is not None:
        return refusal
    return consume(moment, wallet_id, row, currency, (amount, amount))


def consume(  # noqa: PLR0913 - what is paid, to whom and from where
    moment: Moment,
    wallet_id: str,
    row: WalletRow,
    currency: str,
    amounts: tuple[int, int],
    *,
    card: bool = False,
) -> InflowConsumed | Refusal:
    """Check limits for `amounts`: what the sender paid, and what of it arrives."""
    incoming = _facts(moment, wallet_id, row, currency, amounts)
    refusal = incoming_refusal(incoming)
    if refusal is not None:
        return refusal
    held = sum([each.minor for each in row.balances if each.currency == currency])
    if incoming.base_amount > INT64_MAX or amounts[1] - held > INT64_MAX:
        return Refusal(RejectionReason.AMOUNT_OVERFLOW, "balance")
    return InflowConsumed(wallet_id, incoming.base_amount, incoming.day, incoming.month, card)


def _facts(
    moment: Moment, wallet_id: str, row: WalletRow, currency: str, amounts: tuple[int, int]
) -> Incoming:
    programme = moment.programme
    inflow = moment.view.inflows.get(wallet_id)
    day = programme.calendar.day(moment.at)
    month = month_of(day)
    return Incoming(
        programme.base(currency, amounts[0]),
        programme.base(currency, amounts[1]),
        _current_balance(moment, row),
        programme.tiers[row.tier],
        programme.calendar,
        day,
        month,
        inflow.day_sum if inflow is not None and inflow.day == day else 0,
        inflow.month_sum if inflow is not None and inflow.month == month else 0,
    )


def _current_balance(moment: Moment, row: WalletRow) -> int:
    """Sum of all accounts over all currencies, base minor units."""
    balances = row.balances
    if len(balances) == 1:  # the common wallet: one account, one currency
        return moment.programme.base(balances[0].currency, -balances[0].minor)
    totals: dict[str, int] = {}
    for each in balances:
        totals[each.currency] = totals.get(each.currency, 0) - each.minor
    base = moment.programme.base
    return sum([base(currency, minor) for currency, minor in totals.items()])
