"""Families: commands, legs and timers that have a file of their own.

Owns: which family they belong to.
Never: a rule.
"""

from __future__ import annotations

from typing import Final

from ops.auditor import (
    adjustments,
    bank_top_ups,
    bills,
    bulks,
    chargebacks,
    claims,
    credit,
    disputes,
    escrows,
    fx,
    holds,
    interest,
    merchants,
    payouts,
    pots,
    requests,
    sales,
    schedules,
    suspended,
    suspense,
    treasury,
    withdrawals,
)
from ops.auditor.answer import Answer, Broken
from ops.auditor.books import Books, Saga, ThingKey
from ops.auditor.waiting import check_arrival, stop, take
from schemas.messages.commands import (
    AdviseChargeback,
    AllocateSale,
    BulkTransfer,
    CancelWithdrawal,
    ChangeCreditLimit,
    ClearTopUp,
    Command,
    Convert,
    ExtendHold,
    IncrementHold,
    ResolveChargeback,
    ReturnTopUp,
    ReturnWithdrawal,
    SettleTransaction,
    SubmitBankTopUp,
    SubmitWithdrawal,
    Withdraw,
)
from schemas.messages.legs import Leg
from schemas.messages.policy import Policy
from schemas.messages.vocabulary import Purpose, TransactionKind, TransactionState

BANK_TOP_UPS: Final = (SubmitBankTopUp, ClearTopUp, ReturnTopUp)
WITHDRAWALS: Final = (
    Withdraw,
    SubmitWithdrawal,
    CancelWithdrawal,
    ReturnWithdrawal,
    SettleTransaction,
)
CHARGEBACKS: Final = (AdviseChargeback, ResolveChargeback)
BACK: Final = (Purpose.REFUND, Purpose.DISPUTE)
# Nothing is left to do where it came from.
NOTHING_LEFT: Final = (Purpose.REQUEST, Purpose.SALE, Purpose.SUSPENDED_SALE, *BACK)


def check_shape(policy: Policy, wallet_id: str, body: Command) -> None:
    """Refuse what no state could make right."""
    if isinstance(body, (IncrementHold, ExtendHold)):
        holds.check_shape(body)
    elif isinstance(body, BANK_TOP_UPS):
        bank_top_ups.check_shape(policy, body)
    elif isinstance(body, WITHDRAWALS):
        withdrawals.check_shape(policy, body)
    elif isinstance(body, CHARGEBACKS):
        chargebacks.check_shape(body)
    elif isinstance(body, AllocateSale):
        suspended.check_shape(wallet_id, body)
    else:
        _check_between_people(policy, wallet_id, body)
        _check_office(policy, wallet_id, body)


def _check_between_people(policy: Policy, wallet_id: str, body: Command) -> None:
    if isinstance(body, escrows.Body):
        escrows.check_shape(policy, wallet_id, body)
    elif isinstance(body, claims.Body):
        claims.check_shape(policy, wallet_id, body)
    elif isinstance(body, bills.Body):
        bills.check_shape(policy, wallet_id, body)
    elif isinstance(body, requests.Body):
        requests.check_shape(policy, wallet_id, body)
    elif isinstance(body, pots.Body):
        pots.check_shape(policy, wallet_id, body)
    else:
        _check_of_merchants(policy, wallet_id, body)


def _check_of_merchants(policy: Policy, wallet_id: str, body: Command) -> None:
    if isinstance(body, sales.Body):
        sales.check_shape(policy, wallet_id, body)
    elif isinstance(body, payouts.Body):
        payouts.check_shape(policy, body)
    elif isinstance(body, disputes.Body):
        disputes.check_shape(body)


def _check_office(policy: Policy, wallet_id: str, body: Command) -> None:
    if isinstance(body, treasury.COMMANDS):
        treasury.check_shape(policy, wallet_id, body)
    elif isinstance(body, adjustments.COMMANDS):
        adjustments.check_shape(policy, body)
    elif isinstance(body, Convert):
        fx.check_shape(policy, body)
    elif isinstance(body, interest.COMMANDS):
        interest.check_shape(policy, body)
    elif isinstance(body, ChangeCreditLimit):
        credit.check_shape(policy, body)
    elif isinstance(body, BulkTransfer):
        bulks.check_shape(policy, wallet_id, body)
    elif isinstance(body, schedules.Later):
        schedules.check_shape(body)


def act(books: Books, key: ThingKey, body: Command) -> Answer:
    """Judge and carry out a command of a wallet that exists; key = wallet id, command id."""
    if isinstance(body, (IncrementHold, ExtendHold)):
        return holds.change_hold(books, key, body)
    if isinstance(body, BANK_TOP_UPS):
        return bank_top_ups.act(books, key, body)
    if isinstance(body, WITHDRAWALS):
        return withdrawals.act(books, key, body)
    if isinstance(body, CHARGEBACKS):
        return chargebacks.act(books, key, body)
    if isinstance(body, AllocateSale):
        return suspended.act(books, key, body)
    return _between_people(books, key, body)


def _between_people(books: Books, key: ThingKey, body: Command) -> Answer:
    if isinstance(body, escrows.Body):
        return escrows.act(books, key, body)
    if isinstance(body, claims.Body):
        return claims.act(books, key, body)
    if isinstance(body, bills.Body):
        return bills.act(books, key, body)
    if isinstance(body, requests.Body):
        return requests.act(books, key, body)
    if isinstance(body, pots.Body):
        return pots.act(books, key, body)
    return _of_merchants(books, key, body)


def _of_merchants(books: Books, key: ThingKey, body: Command) -> Answer:
    if isinstance(body, sales.Body):
        return sales.act(books, key, body)
    if isinstance(body, payouts.Body):
        return payouts.act(books, key, body)
    if isinstance(body, disputes.Body):
        return disputes.act(books, key, body)
    return _office(books, key, body)


def _office(books: Books, key: ThingKey, body: Command) -> Answer:
    if isinstance(body, treasury.COMMANDS):
        return treasury.act(books, key, body)
    if isinstance(body, adjustments.COMMANDS):
        return adjustments.act(books, key, body)
    if isinstance(body, Convert):
        return fx.act(books, key, body)
    if isinstance(body, interest.COMMANDS):
        return interest.act(books, key, body)
    return _order(books, key, body)


def _order(books: Books, key: ThingKey, body: Command) -> Answer:
    if isinstance(body, ChangeCreditLimit):
        return credit.act(books, key, body)
    if isinstance(body, BulkTransfer):
        return bulks.act(books, key, body)
    if isinstance(body, schedules.Body):
        return schedules.act(books, key, body)
    raise Broken(f"nobody decides a {type(body).__name__}")


def arrive(books: Books, leg: Leg) -> None:
    """Take money that arrives for a purpose of its own, or refuse it (`Refused`)."""
    if leg.purpose in {Purpose.ESCROW, Purpose.CLAIM}:
        check_arrival(books, leg)
        take(books, leg)
    elif leg.purpose is Purpose.REQUEST:
        requests.arrive(books, leg)
    elif leg.purpose is Purpose.SUSPENSE:
        suspense.arrive(books, leg)
    elif leg.purpose is Purpose.SUSPENDED_SALE:
        suspended.arrive(books, leg)
    elif leg.purpose is Purpose.SALE:
        merchants.arrive(books, leg)
    elif leg.purpose in BACK:
        sales.come_back(books, leg)
    else:
        raise Broken(f"no money arrives for {leg.purpose}")


def delivered(books: Books, leg: Leg) -> None:
    """Follow money that has arrived, where it came from."""
    if leg.purpose is Purpose.ESCROW:
        escrows.delivered(books, leg)
    elif leg.purpose is Purpose.CLAIM:
        claims.delivered(books, leg)
    elif leg.purpose is Purpose.SUSPENSE:
        suspense.delivered(books, leg)
    elif leg.purpose not in NOTHING_LEFT:
        raise Broken(f"no money is delivered for {leg.purpose}")


def refused(books: Books, leg: Leg, saga: Saga) -> None:
    """Take money back that was refused."""
    if leg.purpose is Purpose.ESCROW:
        escrows.refused(books, leg, saga)
    elif leg.purpose is Purpose.CLAIM:
        claims.refused(books, leg, saga)
    elif leg.purpose is Purpose.REQUEST:
        requests.refused(books, leg, saga)
    elif leg.purpose is Purpose.SUSPENSE:
        suspense.refused(books, leg)
    elif leg.purpose is Purpose.SUSPENDED_SALE:
        suspended.refused(books, leg)
    else:
        raise Broken(f"no money comes back for {leg.purpose}")


def due(books: Books, key: ThingKey) -> None:
    """Follow a transaction whose time has come."""
    kind = books.transactions[key].kind
    if kind is TransactionKind.ESCROW:
        escrows.refund(books, key)
    elif kind is TransactionKind.P2P_CLAIM:
        claims.take_back(books, key, TransactionState.EXPIRED)
    elif kind is TransactionKind.REQUEST_MONEY:
        stop(books, key, TransactionState.EXPIRED)
    elif kind is TransactionKind.ADJUSTMENT:
        adjustments.expire(books, key)
    elif kind is TransactionKind.PAYMENT:
        merchants.wake(books, key, books.transactions[key])
    elif kind is TransactionKind.DISPUTE:
        disputes.miss(books, key)
    else:
        raise Broken(f"nothing of transaction {key} waits for a time")
