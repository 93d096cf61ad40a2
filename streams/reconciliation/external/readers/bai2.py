"""BAI2: balances and transactions of American banks, in records with continuations.

Owns: records, groups, accounts; the control total of each account.
Never: takes in a file without its trailers, for it was cut off.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

from streams.reconciliation.external.canonical import Balance, Kind, Line, Statement
from streams.reconciliation.external.errors import Unreadable
from streams.reconciliation.external.readers.bai2_entry import (
    Record,
    read_entry,
    signed_amount,
    skip_funds,
)
from streams.reconciliation.external.readers.fields import exponent_of, is_absent, short_day
from streams.reconciliation.external.readers.text import decoded, numbered

_RECORD: Final = re.compile(r"(01|02|03|16|49|88|98|99),(.*)", re.DOTALL)
OPENING: Final = "010"
CLOSING: Final = "015"
BALANCES: Final = frozenset({OPENING, CLOSING, "040", "045"})
DEFAULT_CURRENCY: Final = "USD"
UPDATE: Final = "1"
INTERIM_MODIFIERS: Final = frozenset({"1", "3"})


@dataclass(frozen=True, slots=True)
class Group:
    """What the accounts of a group share."""

    line: int
    originator: str
    day: date
    time: str
    currency: str
    interim: bool


@dataclass(slots=True)
class Open:
    """An account that is being read."""

    group: Group
    account: str
    currency: str
    line: int
    total: int = 0
    balances: list[Balance] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)


def read_bai2(data: bytes, source: str) -> tuple[Statement, ...]:
    """Read every account of every group."""
    statements: list[Statement] = []
    group: Group | None = None
    account: Open | None = None
    last = "01"
    for record in _records(numbered(decoded(data))):
        _in_order(last, record)
        last = record.code
        if record.code == "02":
            group = _group(record)
        elif record.code == "03":
            assert group is not None, "the order of records was checked"
            account = _account(record, group)
        elif record.code == "16":
            assert account is not None, "the order of records was checked"
            _add_entry(account, record, source)
        elif record.code == "49":
            assert account is not None, "the order of records was checked"
            statements.append(_statement(account, record, source))
    if last != "99":
        raise Unreadable(len(numbered(decoded(data))), "the file ends without its record 99")
    return tuple(statements)


AFTER: Final = {
    "01": ("02", "99"),
    "02": ("03", "98"),
    "03": ("16", "49"),
    "16": ("16", "49"),
    "49": ("03", "98"),
    "98": ("02", "99"),
    "99": (),
}


def _in_order(last: str, record: Record) -> None:
    """Refuse a record that cannot follow the one before; the first 01 follows nothing."""
    if record.code != "01" and record.code not in AFTER[last]:
        raise Unreadable(record.line, f"record {record.code} cannot follow record {last}")
    if record.code == "01" and last != "01":
        raise Unreadable(record.line, "a second record 01")


def _records(lines: Iterable[tuple[int, str]]) -> Iterator[Record]:
    """Join continuations (88) with what they continue: fields go on, or text does."""
    current: Record | None = None
    for number, line in lines:
        text = line.strip()
        if not text:
            continue
        found = _RECORD.fullmatch(text)
        if found is None:
            raise Unreadable(number, f"{text[:40]!r} is no record of BAI2")
        if found[1] != "88":
            if current is not None:
                yield current
            current = Record(found[1], number, found[2])
        elif current is None:
            raise Unreadable(number, "record 88 continues nothing")
        else:
            ended = current.text.endswith("/")
            joined = current.text[:-1] + "," if ended else current.text + " "
            current = replace(current, text=joined + found[2])
    if current is not None:
        yield current


def _group(record: Record) -> Group:
    fields = record.fields(8)
    if fields[2] not in ("", UPDATE):
        raise Unreadable(record.line, f"group status {fields[2]!r} is no update")
    return Group(
        line=record.line,
        originator=fields[1],
        day=short_day(fields[3], record.line),
        time=fields[4],
        currency=fields[5] or DEFAULT_CURRENCY,
        interim=fields[6] in INTERIM_MODIFIERS,
    )


def _account(record: Record, group: Group) -> Open:
    """Read the account and its summary amounts: type, amount, count and funds, again and again."""
    fields = record.fields(2)
    currency = fields[1] or group.currency
    exponent_of(currency, record.line)
    if not fields[0]:
        raise Unreadable(record.line, "record 03 names no account")
    opened = Open(group, fields[0], currency, record.line)
    at = 2
    while at < len(fields):
        kind, amount = fields[at], fields[at + 1] if at + 1 < len(fields) else ""
        if not is_absent(amount):
            minor = signed_amount(amount, record.line)
            opened.total += minor
            if kind in BALANCES:
                opened.balances.append(Balance(kind, minor, currency, group.day))
        at = skip_funds(fields, at + 3, record.line)
    return opened


def _add_entry(account: Open, record: Record, source: str) -> None:
    head = (source, account.account, _statement_id(account))
    written, line = read_entry(
        record, head, account.currency, (account.group.day, len(account.lines) + 1)
    )
    account.total += written
    account.lines.append(line)


def _statement_id(account: Open) -> str:
    group = account.group
    return f"{group.originator}-{group.day:%Y%m%d}{'-' + group.time if group.interim else ''}"


def _statement(account: Open, trailer: Record, source: str) -> Statement:
    said = trailer.fields(1)[0]
    if signed_amount(said or "0", trailer.line) != account.total:
        raise Unreadable(
            trailer.line, f"control total {said} of account {account.account} is {account.total}"
        )
    by_kind = {each.kind: each for each in account.balances}
    return Statement(
        source=source,
        account=account.account,
        statement_id=_statement_id(account),
        kind=Kind.INTERIM if account.group.interim else Kind.STATEMENT,
        currency=account.currency,
        opening=by_kind.get(OPENING),
        closing=by_kind.get(CLOSING),
        other_balances=tuple(
            each for each in account.balances if each.kind not in (OPENING, CLOSING)
        ),
        lines=tuple(account.lines),
    )
