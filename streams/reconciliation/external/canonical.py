"""Canonical lines: what every format of a bank or processor is read into.

Owns: the records `Line`, `Balance`, `Statement` and `BankFile`.
Never: knows a format.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Kind(StrEnum):
    """What a group of lines claims to be, which decides what can be checked of it."""

    STATEMENT = "STATEMENT"  # a booked period between two balances
    INTERIM = "INTERIM"  # a part of a day, balances are not binding
    ADVICE = "ADVICE"  # details without balances: batches, returns, a processor's report


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One movement as somebody outside recorded it; money that came in is positive."""

    source: str
    account: str
    statement_id: str
    seq: int
    booking_date: date
    value_date: date
    amount: int  # signed minor units; of a processor's line the gross
    currency: str
    rail_ref: str = ""
    end_to_end_id: str = ""
    batch_id: str = ""
    counterparty: str = ""
    remittance: str = ""
    bank_tx_code: str = ""
    reversal: bool = False
    raw_hash: str = ""
    fee: int = 0  # minor units kept back from the amount, negative when given back
    return_reason: str = ""  # such as R01, C01 or AC04

    @property
    def line_id(self) -> str:
        """Name the line for ever: a file read again gives the same name."""
        return f"{self.source}/{self.account}/{self.statement_id}/{self.seq}"


@dataclass(frozen=True, slots=True)
class Balance:
    """What a statement says stood on the account; a debit balance is negative."""

    kind: str  # the format's own word: OPBD, 60F, 015
    amount: int
    currency: str
    day: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """The lines of one account in one message, and the balances beside them."""

    source: str
    account: str
    statement_id: str
    kind: Kind
    currency: str
    sequence: int | None = None
    page: int | None = None
    last_page: bool = True
    opening: Balance | None = None
    closing: Balance | None = None
    other_balances: tuple[Balance, ...] = ()
    lines: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True)
class BankFile:
    """One file as it was read."""

    fingerprint: str  # SHA-256 of its bytes
    format: str
    statements: tuple[Statement, ...]

    @property
    def lines(self) -> tuple[Line, ...]:
        """Return every line of every statement, in the file's order."""
        return tuple(line for statement in self.statements for line in statement.lines)
