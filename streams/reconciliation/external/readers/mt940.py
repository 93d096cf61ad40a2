"""MT940 and MT942: statements and interim reports of SWIFT, one or several in a file.

Owns: fields of messages, the message as a statement.
Never: reads a field it needs not; unknown tags are passed over.

A page is a statement of its own: its balances are interim (60M, 62M) and continue each other.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from streams.reconciliation.external.canonical import Balance, Kind, Line, Statement
from streams.reconciliation.external.errors import Unreadable
from streams.reconciliation.external.readers.fields import is_absent, minor_units, short_day
from streams.reconciliation.external.readers.mt940_entry import Head, read_entry
from streams.reconciliation.external.readers.text import decoded, numbered

_TAG: Final = re.compile(r":([0-9]{2}[A-Z]?):(.*)")
_BALANCE: Final = re.compile(r"([CD])([0-9]{6})([A-Z]{3})(.*)")
_FLOOR: Final = re.compile(r"([A-Z]{3})[DC ]?.*")
_NUMBER: Final = re.compile(r"([0-9]{1,18})(?:/([0-9]{1,18}))?.*")
BEGIN: Final = "20"
OPENINGS: Final = ("60F", "60M")
CLOSINGS: Final = ("62F", "62M")


@dataclass(slots=True)
class Field:
    """One field: its tag, where it stands, its lines."""

    tag: str
    line: int
    lines: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Return the first line."""
        return self.lines[0].strip()


def read_mt940(data: bytes, source: str) -> tuple[Statement, ...]:
    """Read every message of a file."""
    messages = list(_messages(_fields(numbered(decoded(data)))))
    if not messages:
        raise Unreadable(1, "there is no :20: in the file")
    return tuple(_statement(message, source) for message in messages)


def _fields(lines: Iterable[tuple[int, str]]) -> Iterator[Field]:
    """Put together what belongs to a tag; envelopes and ends of messages are left out."""
    current: Field | None = None
    for number, line in lines:
        text = line.split("{4:", 1)[1] if line.startswith("{") and "{4:" in line else line
        found = _TAG.match(text)
        if found is not None:
            if current is not None:
                yield current
            current = Field(found[1], number, [found[2]])
        elif text.rstrip() in ("-", "-}") or text.startswith(("-}", "{")):
            if current is not None:
                yield current
            current = None
        elif current is not None and text.strip():
            current.lines.append(text.rstrip())
    if current is not None:
        yield current


def _messages(fields: Iterable[Field]) -> Iterator[list[Field]]:
    message: list[Field] = []
    for each in fields:
        if each.tag == BEGIN:
            if message:
                yield message
            message = [each]
        elif message:
            message.append(each)
        else:
            raise Unreadable(each.line, f":{each.tag}: stands before any :20:")
    if message:
        yield message


def _statement(message: list[Field], source: str) -> Statement:
    first = message[0]
    by_tag = {each.tag: each for each in reversed(message)}
    account = by_tag.get("25") or by_tag.get("25P")
    if account is None or not account.text or not first.text:
        raise Unreadable(first.line, "the message has no :20: reference or no :25: account")
    interim = "34F" in by_tag or "13D" in by_tag
    if not interim:
        _ended(message, by_tag)
    balances = tuple(found for each in message if (found := _balance(each)) is not None)
    number = by_tag.get("28C") or by_tag.get("28")
    sequence, page = _numbers(number.text if number else "")
    opening = next((each for each in balances if each.kind in OPENINGS), None)
    closing = next((each for each in balances if each.kind in CLOSINGS), None)
    # Many banks write the same :20: every day: number and closing day tell statements apart.
    named = [first.text, number.text if number else "", _closed_on(by_tag)]
    head = Head(source, account.text, "-".join(filter(None, named)), _currency(message, balances))
    return Statement(
        source=source,
        account=head.account,
        statement_id=head.statement_id,
        kind=Kind.INTERIM if interim else Kind.STATEMENT,
        currency=head.currency,
        sequence=sequence,
        page=page,
        last_page="62M" not in by_tag,
        opening=opening,
        closing=closing,
        other_balances=tuple(each for each in balances if each not in (opening, closing)),
        lines=tuple(_lines(message, head)),
    )


def _ended(message: list[Field], by_tag: dict[str, Field]) -> None:
    """Refuse a statement cut off before its closing balance; an absent amount is another thing."""
    for tags in (OPENINGS, CLOSINGS):
        if not any(tag in by_tag for tag in tags):
            raise Unreadable(message[-1].line, f"the statement has neither :{':nor:'.join(tags)}:")


def _closed_on(by_tag: dict[str, Field]) -> str:
    """Return the day of the closing balance, or the time of a report, as it is written."""
    for tag in (*CLOSINGS, *OPENINGS, "13D"):
        said = by_tag[tag].text if tag in by_tag else ""
        balance = _BALANCE.fullmatch(said)
        if balance is not None or tag == "13D":
            return said if balance is None else balance[2]
    return ""


def _lines(message: list[Field], head: Head) -> Iterator[Line]:
    seq = 0
    for at, each in enumerate(message):
        if each.tag != "61":
            continue
        seq += 1
        after = message[at + 1] if at + 1 < len(message) else None
        details = after.lines if after is not None and after.tag == "86" else []
        yield read_entry((each.line, each.lines), details, head, seq)


def _balance(each: Field) -> Balance | None:
    """Read a balance; one that says null, or nothing, is none."""
    if each.tag not in (*OPENINGS, *CLOSINGS, "64", "65") or is_absent(each.text):
        return None
    found = _BALANCE.fullmatch(each.text)
    if found is None:
        raise Unreadable(each.line, f"{each.text[:40]!r} is no balance")
    if is_absent(found[4]):
        return None
    sign = 1 if found[1] == "C" else -1
    day = _balance_day(found[2], each.line)
    amount = minor_units(found[4], found[3], each.line, mark=",")
    return Balance(each.tag, sign * amount, found[3], day)


def _balance_day(text: str, line: int) -> date | None:
    return None if text == "000000" else short_day(text, line)


def _currency(message: list[Field], balances: tuple[Balance, ...]) -> str:
    """Return what the amounts are in: balances say it, or the floor limit of a report."""
    for each in message:
        said = _BALANCE.fullmatch(each.text) if each.tag[:2] in ("60", "62") else None
        floor = _FLOOR.fullmatch(each.text) if each.tag == "34F" else None
        if said is not None:
            return said[3]
        if floor is not None:
            return floor[1]
    if balances:
        return balances[0].currency
    entry = next((each for each in message if each.tag == "61"), None)
    if entry is not None:
        raise Unreadable(entry.line, "no balance says in which currency the amounts are")
    return ""


def _numbers(text: str) -> tuple[int | None, int | None]:
    found = _NUMBER.fullmatch(text)
    if found is None:
        return None, None
    return int(found[1]), int(found[2]) if found[2] else None
