"""Families: commands, legs and timers that have a file of their own.

Owns: which family they belong to.
Never: a rule.
"""

from __future__ import annotations

from typing import Final

from ops.auditor import bank_top_ups, chargebacks, withdrawals
from ops.auditor.answer import Answer, Broken
from ops.auditor.books import Books, Saga, ThingKey
from schemas.messages.commands import (
    AdviseChargeback,
    CancelWithdrawal,
    ClearTopUp,
    Command,
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

BANK_TOP_UPS: Final = (SubmitBankTopUp, ClearTopUp, ReturnTopUp)
WITHDRAWALS: Final = (
    Withdraw,
    SubmitWithdrawal,
    CancelWithdrawal,
    ReturnWithdrawal,
    SettleTransaction,
)
CHARGEBACKS: Final = (AdviseChargeback, ResolveChargeback)


def check_shape(policy: Policy, wallet_id: str, body: Command) -> None:
    """Refuse what no state could make right."""
    if isinstance(body, BANK_TOP_UPS):
        bank_top_ups.check_shape(policy, body)
    elif isinstance(body, WITHDRAWALS):
        withdrawals.check_shape(policy, body)
    elif isinstance(body, CHARGEBACKS):
        chargebacks.check_shape(body)


def act(books: Books, key: ThingKey, body: Command) -> Answer:
    """Judge and carry out a command of a wallet that exists; key = wallet id, command id."""
    if isinstance(body, BANK_TOP_UPS):
        return bank_top_ups.act(books, key, body)
    if isinstance(body, WITHDRAWALS):
        return withdrawals.act(books, key, body)
    if isinstance(body, CHARGEBACKS):
        return chargebacks.act(books, key, body)
    raise Broken(f"nobody decides a {type(body).__name__}")


def arrive(books: Books, leg: Leg) -> None:
    """Take money that arrives for a purpose of its own, or refuse it (`Refused`)."""
    raise Broken(f"no money arrives for {leg.purpose}")


def delivered(books: Books, leg: Leg) -> None:
    """Follow money that has arrived, where it came from."""
    raise Broken(f"no money is delivered for {leg.purpose}")


def refused(books: Books, leg: Leg, saga: Saga) -> None:
    """Take money back that was refused."""
    raise Broken(f"no money comes back for {leg.purpose}")


def due(books: Books, key: ThingKey) -> None:
    """Follow a transaction whose time has come."""
    raise Broken(f"nothing of transaction {key} waits for a time")
