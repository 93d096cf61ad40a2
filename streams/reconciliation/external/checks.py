"""Checks of statements before anything is matched: is the file whole, and the next one?

Owns: the findings, one type for each check, and the checks as pure functions.
Never: repairs: a statement with a finding waits for a person, or for the statement between.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from streams.reconciliation.external.canonical import BankFile, Kind, Statement


@dataclass(frozen=True, slots=True)
class DuplicateFile:
    """A file with these bytes was taken in before."""

    fingerprint: str


@dataclass(frozen=True, slots=True)
class DuplicateStatement:
    """A statement of this name was taken in before, or stands twice in one file."""

    account: str
    statement_id: str
    page: int | None


@dataclass(frozen=True, slots=True)
class BalanceAbsent:
    """A statement of a booked period does not say both balances, so it proves nothing."""

    account: str
    statement_id: str
    missing: str


@dataclass(frozen=True, slots=True)
class ArithmeticBreak:
    """Opening balance and lines do not lead to the closing balance."""

    account: str
    statement_id: str
    expected: int
    found: int


@dataclass(frozen=True, slots=True)
class OpeningBreak:
    """A statement does not open with what the one before closed with."""

    account: str
    statement_id: str
    expected: int
    found: int


@dataclass(frozen=True, slots=True)
class SequenceGap:
    """Statements between two that are here are missing, or came out of order."""

    account: str
    statement_id: str
    expected: tuple[int, int]
    found: tuple[int, int]


@dataclass(frozen=True, slots=True)
class CurrencyBreak:
    """A balance or a line is in another currency than the account."""

    account: str
    statement_id: str
    expected: str
    found: str


Finding = (
    DuplicateFile
    | DuplicateStatement
    | BalanceAbsent
    | ArithmeticBreak
    | OpeningBreak
    | SequenceGap
    | CurrencyBreak
)


@dataclass(frozen=True, slots=True)
class Before:
    """What is known from earlier files."""

    fingerprints: Collection[str] = ()
    statements: Collection[tuple[str, str, int | None]] = ()  # account, id, page
    latest: tuple[Statement, ...] = ()  # the last statement of each account


def findings_of(file: BankFile, before: Before | None = None) -> tuple[Finding, ...]:
    """Run every check over a file; a file that was here before is asked nothing else."""
    known = before or Before()
    again = duplicate_file(file, known.fingerprints)
    if again is not None:
        return (again,)
    found: list[Finding] = list(duplicate_statements(file.statements, known.statements))
    for statement in file.statements:
        found.extend(foreign_currencies(statement))
        found.extend(absent_balances(statement))
        found.extend(filter(None, [arithmetic(statement)]))
    latest = {each.account: each for each in known.latest}
    for statement in file.statements:
        if statement.kind is Kind.STATEMENT:
            previous = latest.get(statement.account)
            if previous is not None:
                found.extend(filter(None, [opening(previous, statement)]))
                found.extend(filter(None, [sequence(previous, statement)]))
            latest[statement.account] = statement
    return tuple(found)


def duplicate_file(file: BankFile, fingerprints: Collection[str]) -> DuplicateFile | None:
    """Refuse the same bytes a second time, whatever the file is called."""
    return DuplicateFile(file.fingerprint) if file.fingerprint in fingerprints else None


def duplicate_statements(
    statements: Iterable[Statement], known: Collection[tuple[str, str, int | None]]
) -> Iterator[DuplicateStatement]:
    """Find statements whose account, name and page were seen, here or before."""
    seen = set(known)
    for each in statements:
        key = (each.account, each.statement_id, each.page)
        if key in seen:
            yield DuplicateStatement(*key)
        seen.add(key)


def absent_balances(statement: Statement) -> Iterator[BalanceAbsent]:
    """Find what a statement of a booked period had to say and did not."""
    if statement.kind is not Kind.STATEMENT:
        return
    for name, balance in (("opening", statement.opening), ("closing", statement.closing)):
        if balance is None:
            yield BalanceAbsent(statement.account, statement.statement_id, name)


def arithmetic(statement: Statement) -> ArithmeticBreak | None:
    """Check opening + sum of lines = closing, where both balances are there and binding."""
    if statement.kind is not Kind.STATEMENT:
        return None
    if statement.opening is None or statement.closing is None:
        return None
    total = statement.opening.amount + sum(line.amount for line in statement.lines)
    if total == statement.closing.amount:
        return None
    closing = statement.closing.amount
    return ArithmeticBreak(statement.account, statement.statement_id, total, closing)


def opening(previous: Statement, statement: Statement) -> OpeningBreak | None:
    """Check opening = the previous closing."""
    if previous.closing is None or statement.opening is None:
        return None
    if previous.closing.amount == statement.opening.amount:
        return None
    return OpeningBreak(
        statement.account,
        statement.statement_id,
        previous.closing.amount,
        statement.opening.amount,
    )


def sequence(previous: Statement, statement: Statement) -> SequenceGap | None:
    """Check that the next page or the next number follows; a number may begin again at 1."""
    if previous.sequence is None or statement.sequence is None:
        return None
    found = (statement.sequence, statement.page or 1)
    same = (previous.sequence, (previous.page or 1) + 1)
    following = (previous.sequence + 1, 1)
    expected = following if previous.last_page else same
    # A new year numbers from 1 again, and only then may a number go back.
    if found == expected or (
        previous.last_page and found == (1, 1) and _new_year(previous, statement)
    ):
        return None
    return SequenceGap(statement.account, statement.statement_id, expected, found)


def _new_year(previous: Statement, statement: Statement) -> bool:
    closed = previous.closing.day if previous.closing is not None else None
    closes = statement.closing.day if statement.closing is not None else None
    return closed is not None and closes is not None and closes.year > closed.year


def foreign_currencies(statement: Statement) -> Iterator[CurrencyBreak]:
    """Find currencies that are not the account's, each once."""
    ends = [each for each in (statement.opening, statement.closing) if each is not None]
    seen = [each.currency for each in (*ends, *statement.other_balances)]
    seen += [each.currency for each in statement.lines]
    for found in sorted(set(seen) - {statement.currency}):
        yield CurrencyBreak(statement.account, statement.statement_id, statement.currency, found)
