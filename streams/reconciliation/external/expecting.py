"""Expecting: which transactions must appear on an account outside, folded from the log.

Owns: the kinds and states that expect money, its sign, and the book of rails: where, how soon.
Never: matches; reads a clock: a transaction is expected from the day it was decided on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Final, NamedTuple, final

from ledger.calendar import Calendar
from schemas.messages.decisions import Decision
from schemas.messages.events import PolicyActivated, TransactionMoved
from schemas.messages.policy import Zone
from schemas.messages.rows import TransactionRow
from schemas.messages.vocabulary import TransactionKind, TransactionState
from streams.reconciliation.external.matching.expectations import Expectation, Rules, Tolerance

EPOCH: Final = date(1970, 1, 1).toordinal()
PENDING: Final = TransactionState.PENDING
PROCESSING: Final = TransactionState.PROCESSING
DONE: Final = frozenset(
    {TransactionState.COMPLETED, TransactionState.DISPUTED, TransactionState.SETTLED}
)
# A bank top-up waits for its clearing while the bank has the money already.
INCOMING: Final = {
    TransactionKind.TOPUP_CARD: DONE,
    TransactionKind.TOPUP_BANK: DONE | {PENDING, PROCESSING},
}
OUTGOING: Final = {
    TransactionKind.WITHDRAWAL: DONE | {PROCESSING},
    TransactionKind.MERCHANT_PAYOUT: DONE | {PROCESSING},
    TransactionKind.BILL_PAYMENT: DONE | {PROCESSING},
}
EXPECTING: Final = INCOMING | OUTGOING


@dataclass(frozen=True, slots=True)
class Rail:
    """Where the money of a rail appears, and what is allowed to it."""

    account: str
    sla_days: int
    window_days: int
    tolerance: Tolerance
    statement_days: int = 1  # business days until its next statement is missing
    processor: str = ""  # account of the reports of whoever keeps a fee; empty when nobody does
    fee_minor: int = 0
    fee_bps: int = 0


@dataclass(frozen=True, slots=True)
class RailBook:
    """Every rail that is reconciled; what goes by another is not expected anywhere."""

    rails: Mapping[str, Rail]

    def rules(self) -> Rules:
        """Return the numbers of matching."""
        rails = self.rails.items()
        return Rules(
            tolerances=MappingProxyType({name: each.tolerance for name, each in rails}),
            window_days=MappingProxyType({name: each.window_days for name, each in rails}),
            sla_days=MappingProxyType({name: each.sla_days for name, each in rails}),
        )


class Seen(NamedTuple):
    """A transaction as it stands, and the day it was first expected on."""

    row: TransactionRow
    day: int


@final
class Expecting:
    """What is expected, by wallet and transaction; what failed or came back is not."""

    def __init__(self, book: RailBook, zone: Zone) -> None:
        self._book: Final = book
        self._calendar = Calendar(zone)
        self._seen: Final[dict[tuple[str, str], Seen]] = {}

    def take(self, decision: Decision) -> None:
        """Follow a sealed Decision; of each partition in order."""
        for event in decision.events:
            if isinstance(event, PolicyActivated):
                self._calendar = Calendar(event.policy.zone)
            elif isinstance(event, TransactionMoved):
                self._moved(event, self._calendar.day(decision.decided_at))

    def expectations(self) -> list[Expectation]:
        """Return everything expected, in order of its name."""
        return [self._expectation(key, self._seen[key]) for key in sorted(self._seen)]

    def _moved(self, event: TransactionMoved, day: int) -> None:
        key, row = (event.wallet_id, event.transaction_id), event.row
        if row.state not in EXPECTING.get(row.kind, frozenset()):
            self._seen.pop(key, None)
        elif row.reference and rail_of(row) in self._book.rails:
            before = self._seen.get(key)
            self._seen[key] = Seen(row, day if before is None else before.day)

    def _expectation(self, key: tuple[str, str], seen: Seen) -> Expectation:
        row, rail = seen.row, rail_of(seen.row)
        return Expectation(
            expectation_id="/".join(key),
            account=self._book.rails[rail].account,
            amount=signed(row),
            currency=row.currency,
            rail=rail,
            expected_on=date.fromordinal(EPOCH + seen.day),
            rail_ref=row.reference,
            counterparty=row.counterparty,
        )


def rail_of(row: TransactionRow) -> str:
    """Return the rail of a transaction; a bill goes by its biller's."""
    if row.kind is TransactionKind.BILL_PAYMENT:
        return row.rail or row.counterparty
    return row.rail


def signed(row: TransactionRow) -> int:
    """Return what the rail moves, coming in positive; a payout's fee is kept before it leaves."""
    if row.kind in INCOMING:
        return row.amount
    if row.kind is TransactionKind.MERCHANT_PAYOUT:
        return row.fee - row.amount
    return -row.amount
