"""Incoming money: may it reach this wallet?

Owns: the one check that a top-up, a transfer on this partition and a CREDIT leg all pass, and
the one of money that a bank brings, which waits when it is over the cap.
Never: applies to returns, refunds and compensation; these are never refused.

Order: wallet, status, currency, limits, then room in 64 bits for its total in the currency.
"""

from __future__ import annotations

from ledger.balances import held_in
from ledger.calendar import month_of
from ledger.case import Moment
from ledger.chart import IN_FLIGHT, INT64_MAX
from ledger.limits import balance_cap, incoming_refusal
from ledger.outgoing import Incoming
from ledger.refusal import Refusal
from ledger.standing import credit_refusal
from schemas.messages.events import InflowConsumed
from schemas.messages.legs import Leg
from schemas.messages.rows import WalletRow
from schemas.messages.vocabulary import RejectionReason, WalletKind


def admit(
    moment: Moment, wallet_id: str, currency: str, amount: int, sender: str = ""
) -> InflowConsumed | Refusal:
    """Return what an incoming amount consumes of the wallet's limits, or why it is refused.

    `sender` is the wallet that pays, if one does; a merchant is paid by many, and none is kept.
    """
    row = moment.view.wallets.get(wallet_id)
    if row is None:
        return Refusal(RejectionReason.UNKNOWN_WALLET, wallet_id)
    if row.kind is WalletKind.TREASURY:
        return Refusal(RejectionReason.UNKNOWN_ACCOUNT, wallet_id)
    refusal = credit_refusal(moment.view, wallet_id, row, currency)
    if refusal is not None:
        return refusal
    kept = "" if row.kind is WalletKind.MERCHANT else sender
    return consume(moment, wallet_id, row, currency, (amount, amount), sender=kept)


def admit_leg(moment: Moment, leg: Leg) -> InflowConsumed | Refusal:
    """Return the same for money that a leg brings, which its IB account must have room for."""
    if leg.amount <= 0:
        return Refusal(RejectionReason.AMOUNT_NOT_POSITIVE, "amount")
    admitted = admit(moment, leg.to_wallet_id, leg.currency, leg.amount, leg.from_wallet_id)
    if isinstance(admitted, Refusal):
        return admitted
    due = moment.view.accounts.get((IN_FLIGHT, str(leg.src_partition), leg.currency))
    if due is not None and due.minor + leg.amount > INT64_MAX:
        return Refusal(RejectionReason.AMOUNT_OVERFLOW, IN_FLIGHT)
    return admitted


def consume(  # noqa: PLR0913 - what is paid, to whom and from where
    moment: Moment,
    wallet_id: str,
    row: WalletRow,
    currency: str,
    amounts: tuple[int, int],
    *,
    card: bool = False,
    sender: str = "",
    instrument: str = "",
) -> InflowConsumed | Refusal:
    """Check limits for `amounts`: what the sender paid, and what of it arrives."""
    incoming = _facts(moment, wallet_id, row, currency, amounts)
    refusal = incoming_refusal(incoming)
    if refusal is not None:
        return refusal
    held = held_in(row.balances, currency)
    if incoming.base_amount > INT64_MAX or amounts[1] - held > INT64_MAX:
        return Refusal(RejectionReason.AMOUNT_OVERFLOW, "balance")
    return InflowConsumed(
        wallet_id,
        incoming.base_amount,
        incoming.day,
        incoming.month,
        card,
        sender,
        instrument,
    )


def consume_waiting(
    moment: Moment, wallet_id: str, row: WalletRow, currency: str, amount: int
) -> tuple[InflowConsumed, bool] | Refusal:
    """Check the limits of an amount that is to wait in W.PIN; also tell whether it is over the cap.

    It may be here already, so the cap does not refuse it: it keeps it waiting.
    """
    incoming = _facts(moment, wallet_id, row, currency, (amount, amount))
    refusal = incoming_refusal(_without_balance(incoming))
    if refusal is not None:
        return refusal
    held = held_in(row.balances, currency)
    if amount - held > INT64_MAX:
        return Refusal(RejectionReason.AMOUNT_OVERFLOW, "balance")
    consumed = InflowConsumed(wallet_id, incoming.base_amount, incoming.day, incoming.month)
    return consumed, balance_cap.check(incoming) is not None


def cap_refusal(
    moment: Moment, row: WalletRow, currency: str, part: int, rest: int
) -> Refusal | None:
    """Refuse to let in part of a rest that waits over the cap, while there is no room for it.

    All else counts that the wallet has, in whichever account; of the rest, only the part.
    """
    totals = {currency: part - rest}
    for each in row.balances:
        totals[each.currency] = totals.get(each.currency, 0) - each.minor
    base = moment.programme.base
    balance = sum([base(code, minor) for code, minor in totals.items()])
    limits = moment.programme.tiers[row.tier]
    calendar = moment.programme.calendar
    return balance_cap.check(Incoming(0, 0, balance, limits, calendar, 0, 0, 0, 0))


def _without_balance(incoming: Incoming) -> Incoming:
    return Incoming(
        incoming.base_amount,
        0,
        0,
        incoming.limits,
        incoming.calendar,
        incoming.day,
        incoming.month,
        incoming.day_sum,
        incoming.month_sum,
    )


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
