"""Families: commands, legs and timers that have a file of their own.

Owns: which family they belong to.
Never: a rule.
"""

from __future__ import annotations

from ops.auditor import adjustments, fx, interest, suspense, treasury
from ops.auditor.answer import Answer, Broken
from ops.auditor.books import Books, Saga, ThingKey
from schemas.messages.commands import Command, Convert
from schemas.messages.legs import Leg
from schemas.messages.policy import Policy
from schemas.messages.vocabulary import Purpose, TransactionKind


def check_shape(policy: Policy, wallet_id: str, body: Command) -> None:
    """Refuse what no state could make right."""
    if isinstance(body, treasury.COMMANDS):
        treasury.check_shape(policy, wallet_id, body)
    elif isinstance(body, adjustments.COMMANDS):
        adjustments.check_shape(policy, body)
    elif isinstance(body, Convert):
        fx.check_shape(policy, body)
    elif isinstance(body, interest.COMMANDS):
        interest.check_shape(policy, body)


def act(books: Books, key: ThingKey, body: Command) -> Answer:
    """Judge and carry out a command of a wallet that exists; key = wallet id, command id."""
    if isinstance(body, treasury.COMMANDS):
        return treasury.act(books, key, body)
    if isinstance(body, adjustments.COMMANDS):
        return adjustments.act(books, key, body)
    if isinstance(body, Convert):
        return fx.act(books, key, body)
    if isinstance(body, interest.COMMANDS):
        return interest.act(books, key, body)
    raise Broken(f"nobody decides a {type(body).__name__}")


def arrive(books: Books, leg: Leg) -> None:
    """Take money that arrives for a purpose of its own, or refuse it (`Refused`)."""
    if leg.purpose is Purpose.SUSPENSE:
        suspense.arrive(books, leg)
    else:
        raise Broken(f"no money arrives for {leg.purpose}")


def delivered(books: Books, leg: Leg) -> None:
    """Follow money that has arrived, where it came from."""
    if leg.purpose is Purpose.SUSPENSE:
        suspense.delivered(books, leg)
    else:
        raise Broken(f"no money is delivered for {leg.purpose}")


def refused(books: Books, leg: Leg, saga: Saga) -> None:
    """Take money back that was refused."""
    if leg.purpose is Purpose.SUSPENSE:
        suspense.refused(books, leg)
    else:
        raise Broken(f"no money comes back for {leg.purpose} of saga {saga.credit_seq}")


def due(books: Books, key: ThingKey) -> None:
    """Follow a transaction whose time has come."""
    if books.transactions[key].kind is TransactionKind.ADJUSTMENT:
        adjustments.expire(books, key)
    else:
        raise Broken(f"nothing of transaction {key} waits for a time")
