"""Amounts and days of a foreign file, read exactly or refused with their line.

Owns: decimal text to minor units, days that no calendar has, hashes of raw text.
Never: rounds.
"""

from __future__ import annotations

import calendar
import hashlib
import re
from datetime import date
from typing import Final

from schemas.values import CURRENCIES
from schemas.wire import LONG_MAX
from streams.reconciliation.external.errors import Unreadable

# Only the format's own mark: 1.000 in a file of commas would be a thousandth of what was meant.
_DECIMALS: Final = {
    mark: re.compile(rf"([0-9]{{0,30}})(?:{re.escape(mark)}([0-9]{{0,30}}))?") for mark in ".,"
}
_ISO_DAY: Final = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?![0-9])")
_ABSENT: Final = frozenset({"", "null", "NULL", "none", "None", "n/a", "N/A"})
CENTURY: Final = 100
CENTURY_PIVOT: Final = 80  # SWIFT: a year of two digits from 80 on lies in the last century
MONTHS: Final = 12
DAYS_MAX: Final = 31


def is_absent(text: str) -> bool:
    """Say whether a field is empty, or says in words that it is."""
    return text.strip() in _ABSENT


def exponent_of(currency: str, line: int) -> int:
    """Return a currency's decimals; a currency nobody knows refuses the line."""
    found = CURRENCIES.get(currency)
    if found is None:
        raise Unreadable(line, f"{currency!r} is no currency")
    return found.exponent


def minor_units(text: str, currency: str, line: int, *, mark: str = ".") -> int:
    """Read unsigned decimal text; more decimals than the currency has must be zeros."""
    digits = exponent_of(currency, line)
    found = _DECIMALS[mark].fullmatch(text.strip())
    if found is None or not (found[1] or found[2]):
        raise Unreadable(line, f"{text.strip()[:40]!r} is no amount")
    whole, fraction = found[1] or "0", found[2] or ""
    if fraction[digits:].strip("0"):
        raise Unreadable(line, f"{text.strip()} has more decimals than {currency} has")
    return within(int(whole + fraction[:digits].ljust(digits, "0")), line)


def within(minor: int, line: int) -> int:
    """Refuse an amount that does not fit in 64 bits."""
    if abs(minor) > LONG_MAX:
        raise Unreadable(line, f"{minor} minor units exceed 64 bits")
    return minor


def day_of(year: int, month: int, day: int, line: int) -> date:
    """Return a day; one after its month's end is its last: banks count 30 days a month."""
    if not (1 <= month <= MONTHS and 1 <= day <= DAYS_MAX and year > 0):
        raise Unreadable(line, f"{year:04}-{month:02}-{day:02} is no day")
    return date(year, month, min(day, calendar.monthrange(year, month)[1]))


def iso_day(text: str, line: int) -> date:
    """Read the day of an ISO 8601 date or time."""
    found = _ISO_DAY.match(text.strip())
    if found is None:
        raise Unreadable(line, f"{text.strip()[:40]!r} is no date")
    return day_of(int(found[1]), int(found[2]), int(found[3]), line)


def short_day(text: str, line: int) -> date:
    """Read YYMMDD."""
    if re.fullmatch(r"[0-9]{6}", text) is None:
        raise Unreadable(line, f"{text[:40]!r} is no date YYMMDD")
    return day_of(full_year(int(text[:2])), int(text[2:4]), int(text[4:]), line)


def full_year(year: int) -> int:
    """Complete a year of two digits."""
    return year + (1900 if year >= CENTURY_PIVOT else 2000) if year < CENTURY else year


def raw_hash(text: str) -> str:
    """Return the SHA-256 of what a line was read from."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
