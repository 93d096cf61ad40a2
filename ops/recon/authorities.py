"""Authorities: the file that says who may write off how much, read and checked.

Owns: its form, a TOML document.
Never: judges a write-off; `exceptions/write_off.py` does.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ops.errors import DocumentError
from schemas.values import CURRENCIES, Money, ValueRefused
from streams.reconciliation.external.exceptions.write_off import Authority

FIELDS: Final = {"currency": str, "up_to": str, "approvals": int, "role": str}


@dataclass(frozen=True, slots=True)
class Book:
    """Lines of the matrix, and the role of everybody who may approve."""

    authorities: tuple[Authority, ...]
    people: dict[str, str]

    def role_of(self, person: str) -> str:
        """Return somebody's role. Raises `DocumentError`."""
        role = self.people.get(person)
        if role is None:
            raise DocumentError(f"--authorities: {person} is not among the people")
        return role


def read_authorities(path: Path) -> Book:
    """Read the file. Raises `DocumentError` that names the field."""
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DocumentError(f"--authorities: {path} is no TOML: {error}") from error
    unknown = sorted(set(document) - {"authority", "people"})
    if unknown:
        raise DocumentError(f"--authorities: unknown key {unknown[0]!r}")
    lines = document.get("authority", [])
    people = document.get("people", {})
    if not isinstance(lines, list) or not isinstance(people, dict):
        raise DocumentError("--authorities: [[authority]] is a list, [people] a table")
    authorities = tuple(_line(number, each) for number, each in enumerate(lines, 1))
    wrong = [name for name, role in people.items() if not isinstance(role, str) or not role]
    if wrong:
        raise DocumentError(f"--authorities: people.{wrong[0]}: a role is a text")
    return Book(authorities, dict(people))


def _line(number: int, row: object) -> Authority:
    where = f"--authorities: authority {number}"
    if not isinstance(row, dict) or set(row) != set(FIELDS):
        raise DocumentError(f"{where} has exactly the fields {', '.join(FIELDS)}")
    for name, kind in FIELDS.items():
        if type(row[name]) is not kind or not row[name]:
            raise DocumentError(f"{where}.{name}: {row[name]!r} is no {kind.__name__}, or empty")
    currency = CURRENCIES.get(row["currency"])
    if currency is None:
        raise DocumentError(f"{where}.currency: {row['currency']!r} is no known currency")
    try:
        up_to = Money.parse(row["up_to"], currency, field=f"{where}.up_to").minor
    except ValueRefused as error:
        raise DocumentError(str(error)) from error
    return Authority(row["currency"], up_to, row["approvals"], row["role"])
