"""Paper: what every report consists of, before anybody says how it is shown.

Owns: amounts with their currency, sections of rows, proofs, and where in the log it all stands.
Never: computes an account.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from typing import Final

from schemas.currencies import EXPONENTS


@dataclass(frozen=True, slots=True)
class Amount:
    """Minor units of a currency; the reader decides which side is positive."""

    minor: int
    currency: str

    def plain(self) -> str:
        """Return decimal text for programs, such as `-1234.50`."""
        return _decimal(self.minor, EXPONENTS.get(self.currency, 0), "d")

    def shown(self) -> str:
        """Return decimal text for people, such as `-1,234.50`."""
        return _decimal(self.minor, EXPONENTS.get(self.currency, 0), ",d")


Cell = str | int | Amount | None
Row = tuple[Cell, ...]


class Kind(Enum):
    """What a column holds."""

    TEXT = "text"
    COUNT = "count"
    MONEY = "money"


@dataclass(frozen=True, slots=True)
class Column:
    """A column."""

    title: str
    kind: Kind = Kind.TEXT


@dataclass(frozen=True, slots=True)
class Section:
    """Rows under a title. They can be read more than once.

    Sums stand in `totals`, so that rows stay rows for programs.
    """

    title: str
    columns: tuple[Column, ...]
    rows: Iterable[Row]
    totals: tuple[Row, ...] = ()


@dataclass(frozen=True, slots=True)
class Proof:
    """What a report proves about itself, in words, and whether it does."""

    text: str
    holds: bool


@dataclass(frozen=True, slots=True)
class Stand:
    """The last Decision of a partition that a report knows."""

    partition: int
    sequence: int
    offset: int
    chain: bytes
    decided_at: int = 0

    def text(self) -> str:
        """Return it in words."""
        if self.sequence == 0:
            return f"partition {self.partition}: nothing"
        return (
            f"partition {self.partition}: sequence {self.sequence}, offset {self.offset}, "
            f"chain {self.chain.hex()}"
        )


@dataclass(frozen=True, slots=True)
class Report:
    """A whole report."""

    name: str
    title: str
    facts: tuple[tuple[str, str], ...]
    sections: tuple[Section, ...]
    proofs: tuple[Proof, ...]
    stands: tuple[Stand, ...]

    @property
    def holds(self) -> bool:
        """Whether everything that it says about itself is so."""
        return all(each.holds for each in self.proofs)


NOTHING: Final = Proof("nothing was posted: there is nothing to prove", holds=True)


def equal(what: str, left: int, right: int, currency: str) -> Proof:
    """Return the proof that two sums are the same; `what` is such as `debits = credits`."""
    first, _, second = what.partition(" = ")
    one, other = Amount(left, currency).shown(), Amount(right, currency).shown()
    if left == right:
        return Proof(f"{first} {one} = {second} {other} {currency}", holds=True)
    apart = Amount(left - right, currency).shown()
    return Proof(f"{first} {one} is not {second} {other} {currency}: {apart} apart", holds=False)


def or_nothing(proofs: Iterable[Proof]) -> tuple[Proof, ...]:
    """Return proofs, or that there is nothing to prove."""
    return tuple(proofs) or (NOTHING,)


def _decimal(minor: int, digits: int, form: str) -> str:
    sign, (whole, part) = "-" if minor < 0 else "", divmod(abs(minor), 10**digits)
    fraction = f".{part:0{digits}d}" if digits else ""
    return f"{sign}{whole:{form}}{fraction}"
