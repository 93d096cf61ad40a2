"""Facts: everything that one Decision says, in the order in which it is published.

Owns: which facts there are, their topics and keys, and what is remembered of travelling transfers.
Never: I/O; the same Decisions give the same facts wherever they are read.
"""

from __future__ import annotations

from typing import NamedTuple, Protocol

from schemas.messages.decisions import Decision
from schemas.messages.events import TransferCompensated, TransferDebited, TransferSettled
from schemas.messages.facts import (
    AttemptFact,
    BalanceFact,
    PostingFact,
    TransactionFact,
    TravellingRow,
)
from streams.publish.attempts import attempt_of
from streams.publish.balances import balances_of
from streams.publish.lives import changes_of
from streams.publish.postings import posting_key, postings_of
from streams.publish.stamped import Stamp
from topics.catalog import ATTEMPTS, BALANCES, POSTINGS, TRANSACTIONS

Fact = PostingFact | BalanceFact | TransactionFact | AttemptFact
TransferKey = tuple[str, str]  # payer, transfer id


class Travelling(Protocol):
    """Transfers that have no final answer yet."""

    def get(self, key: TransferKey) -> TravellingRow | None:
        """Return how it began."""
        ...

    def put(self, key: TransferKey, row: TravellingRow) -> None:
        """Remember how it began."""
        ...

    def delete(self, key: TransferKey) -> None:
        """Forget it."""
        ...


class Said(NamedTuple):
    """A fact on its way; `amount` is what its control total adds up."""

    topic: str
    key: str
    fact: Fact
    amount: int = 0


def facts_of(decision: Decision, stamp: Stamp, travelling: Travelling) -> list[Said]:
    """Return the facts of the next Decision of a partition."""
    _remember(decision, travelling)
    found = [
        Said(POSTINGS.name, posting_key(each), each, each.amount_minor)
        for each in postings_of(decision, stamp)
    ]
    found += [Said(BALANCES.name, each.balance_id, each) for each in balances_of(decision, stamp)]
    found += [
        Said(TRANSACTIONS.name, each.wallet_id, each)
        for each in changes_of(decision, stamp, lambda *key: _began(travelling, key))
    ]
    attempt = attempt_of(decision, stamp)
    if attempt is not None:
        found.append(Said(ATTEMPTS.name, attempt.wallet_id, attempt))
    _forget(decision, travelling)
    return found


def _remember(decision: Decision, travelling: Travelling) -> None:
    for event in decision.events:
        if isinstance(event, TransferDebited):
            travelling.put(
                (event.from_wallet_id, event.transfer_id),
                TravellingRow(
                    event.purpose, event.to_wallet_id, event.currency, event.amount, event.hold_id
                ),
            )


def _forget(decision: Decision, travelling: Travelling) -> None:
    for event in decision.events:
        if isinstance(event, (TransferSettled, TransferCompensated)):
            travelling.delete((event.from_wallet_id, event.transfer_id))


def _began(travelling: Travelling, key: TransferKey) -> TravellingRow:
    row = travelling.get(key)
    assert row is not None, f"transfer {key[1]} of {key[0]} ends, and never began"
    return row
