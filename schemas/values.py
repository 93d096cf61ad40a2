"""Values: money and ids, the words every room computes with.

Owns: exact arithmetic in minor units, what an id looks like.
Never: floats, division, rates, rounding other than `allocate`.

Money is a whole number of minor units of one currency, inside 64 bits. Mixing currencies is a
bug of ours and raises; text from outside that is not money is refused by `parse`, which names
the field.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, NewType

from schemas.currencies import EXPONENTS
from schemas.wire import LONG_MAX, LONG_MIN

WalletId = NewType("WalletId", str)
CommandId = NewType("CommandId", str)

ID_LENGTH_MAX: Final = 64
# Letters, digits and . _ - # : only, so that an id is safe in keys, paths, URLs and logs.
WALLET_ID: Final = re.compile(rf"[A-Za-z0-9][A-Za-z0-9._\-#:]{{0,{ID_LENGTH_MAX - 1}}}")
COMMAND_ID: Final = WALLET_ID
COUNTRY: Final = re.compile("[A-Z]{2}")  # ISO 3166-1 alpha-2
MCC: Final = re.compile("[0-9]{4}")  # ISO 18245

_AMOUNT: Final = re.compile(r"(-?)([0-9]{1,19})(?:\.([0-9]{1,19}))?")


class ValueRefused(ValueError):
    """Text from outside is not the value its field needs; the message names the field."""


class CurrencyMismatch(Exception):
    """Two currencies met in one sum or comparison: a bug, never an input error."""


@dataclass(frozen=True)
class Currency:
    """An ISO 4217 currency or PTS; `exponent` is its number of decimal digits."""

    code: str
    exponent: int


CURRENCIES: Final[Mapping[str, Currency]] = MappingProxyType(
    {code: Currency(code, digits) for code, digits in EXPONENTS.items()}
)


@dataclass(frozen=True)
class Money:
    """A whole number of minor units of one currency; equal only within one currency."""

    minor: int
    currency: Currency

    def __post_init__(self) -> None:
        if self.minor.__class__ is not int:
            raise TypeError(f"minor units are an int, not a {type(self.minor).__name__}")
        if not LONG_MIN <= self.minor <= LONG_MAX:
            raise OverflowError(f"{self.minor} {self.currency.code} minor units exceed 64 bits")

    def __add__(self, other: Money) -> Money:
        return Money(self.minor + self._same(other), self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(self.minor - self._same(other), self.currency)

    def __neg__(self) -> Money:
        return Money(-self.minor, self.currency)

    def __lt__(self, other: Money) -> bool:
        return self.minor < self._same(other)

    def __le__(self, other: Money) -> bool:
        return self.minor <= self._same(other)

    def __gt__(self, other: Money) -> bool:
        return self.minor > self._same(other)

    def __ge__(self, other: Money) -> bool:
        return self.minor >= self._same(other)

    def allocate(self, weights: Sequence[int]) -> tuple[Money, ...]:
        """Split by weights without losing a minor unit: largest remainder, then first place."""
        total = sum(weights)
        if total <= 0 or min(weights) < 0:
            raise ValueError("weights are whole numbers from 0 with a positive sum")
        sign = -1 if self.minor < 0 else 1
        products = [abs(self.minor) * weight for weight in weights]
        shares = [product // total for product in products]
        missing = abs(self.minor) - sum(shares)
        by_remainder = sorted(range(len(weights)), key=lambda at: -(products[at] % total))
        for at in by_remainder[:missing]:
            shares[at] += 1
        return tuple(Money(sign * share, self.currency) for share in shares)

    def format(self) -> str:
        """Return the decimal text, such as `-12.30` for -1230 minor units of EUR."""
        sign = "-" if self.minor < 0 else ""
        digits = self.currency.exponent
        text = str(abs(self.minor)).rjust(digits + 1, "0")
        return f"{sign}{text[:-digits]}.{text[-digits:]}" if digits else sign + text

    @classmethod
    def parse(cls, text: object, currency: Currency, *, field: str) -> Money:
        """Read decimal text exactly; refuse floats, exponents, signs but `-`, excess digits."""
        if not isinstance(text, str):
            raise ValueRefused(
                f"{field}: an amount is decimal text such as 12.30, not a {type(text).__name__}"
            )
        found = _AMOUNT.fullmatch(text)
        if found is None:
            raise ValueRefused(f"{field}: {text[:40]!r} is not decimal text such as 12.30")
        sign, whole, fraction = found[1], found[2], found[3] or ""
        if len(fraction) > currency.exponent:
            raise ValueRefused(
                f"{field}: {len(fraction)} decimal digits, {currency.code} has {currency.exponent}"
            )
        minor = int(f"{sign}{whole}{fraction.ljust(currency.exponent, '0')}")
        if not LONG_MIN <= minor <= LONG_MAX:
            raise ValueRefused(f"{field}: {text} {currency.code} exceeds 64 bits")
        return cls(minor, currency)

    def _same(self, other: Money) -> int:
        if other.currency.code != self.currency.code:
            raise CurrencyMismatch(f"{self.currency.code} met {other.currency.code}")
        return other.minor


def currency(code: str, *, field: str = "currency") -> Currency:
    """Return the currency of a code, or refuse it."""
    found = CURRENCIES.get(code)
    if found is None:
        raise ValueRefused(f"{field}: {code!r} is not a known currency code")
    return found


def wallet_id(text: str, *, field: str = "wallet_id") -> WalletId:
    """Return the text as a wallet id, or refuse it."""
    return WalletId(_id(text, field))


def command_id(text: str, *, field: str = "command_id") -> CommandId:
    """Return the text as a command id, or refuse it."""
    return CommandId(_id(text, field))


def _id(text: object, field: str) -> str:
    if isinstance(text, str) and WALLET_ID.fullmatch(text):
        return text
    raise ValueRefused(
        f"{field}: {str(text)[:80]!r} is not an id: 1 to {ID_LENGTH_MAX} ASCII letters, digits "
        "and . _ - # : starting with a letter or digit"
    )
