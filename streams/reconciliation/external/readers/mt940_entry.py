"""An entry of MT940: field 61, wrapped or not, and the field 86 after it.

Owns: marks of direction and reversal, references, codewords of the details.
Never: drops text: what no codeword claims is remittance.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from streams.reconciliation.external.canonical import Line
from streams.reconciliation.external.errors import Unreadable
from streams.reconciliation.external.readers.fields import (
    day_of,
    minor_units,
    raw_hash,
    short_day,
)

_ENTRY: Final = re.compile(
    r"(?P<value>[0-9]{6})(?P<entry>[0-9]{4}| {4})?(?P<mark>RC|RD|C|D)[A-Z]?\s?"
    r"(?P<amount>[0-9][0-9.,]*)(?P<type>[NFS][A-Z0-9]{3})(?P<references>.*)"
)
# A reversal of a credit takes money out, one of a debit brings it back.
MARKS: Final = {"C": (1, False), "D": (-1, False), "RC": (-1, True), "RD": (1, True)}
NO_REFERENCE: Final = "NONREF"
HALF_A_YEAR: Final = timedelta(days=183)

_GERMAN: Final = re.compile(r"[0-9]{3}\?")
_SUBFIELD: Final = re.compile(r"\?([0-9]{2})")
_PLUS_WORDS: Final = re.compile(r"(EREF|KREF|MREF|CRED|DEBT|SVWZ|ABWA|ABWE|RREF|RTRN)\+")
_SLASH_WORDS: Final = re.compile(
    r"/(EREF|KREF|MREF|PREF|RREF|NAME|REMI|ORDP|BENM|CNTP|RTRN|TRTP|TRCD|IBAN|BIC|MARF|CSID|ULTC"
    r"|ULTD|PURP|ISDT|ADDR|ID|SVWZ)/"
)
PURPOSE: Final = frozenset([*(f"{each}" for each in range(20, 30)), "60", "61", "62", "63"])


@dataclass(frozen=True, slots=True)
class Head:
    """What all entries of a message share."""

    source: str
    account: str
    statement_id: str
    currency: str


@dataclass(frozen=True, slots=True)
class Details:
    """What field 86 says."""

    code: str = ""
    end_to_end_id: str = ""
    counterparty: str = ""
    remittance: str = ""
    return_reason: str = ""


def read_entry(entry: tuple[int, list[str]], details: list[str], head: Head, seq: int) -> Line:
    """Read a field 61 with the field 86 after it."""
    line, texts = entry
    found, supplement = _matched(line, texts)
    sign, reversal = MARKS[found["mark"]]
    value = short_day(found["value"], line)
    customer_ref, _, bank_ref = found["references"].partition("//")
    customer_ref = "" if customer_ref.strip() == NO_REFERENCE else customer_ref.strip()
    said = read_details(details)
    return Line(
        source=head.source,
        account=head.account,
        statement_id=head.statement_id,
        seq=seq,
        booking_date=_booked(found["entry"], value, line),
        value_date=value,
        amount=sign * minor_units(found["amount"], head.currency, line, mark=","),
        currency=head.currency,
        rail_ref=bank_ref.strip(),
        end_to_end_id=said.end_to_end_id or customer_ref,
        counterparty=said.counterparty,
        remittance=" ".join(filter(None, (said.remittance, supplement))),
        bank_tx_code="/".join(filter(None, (found["type"], said.code))),
        reversal=reversal,
        raw_hash=raw_hash("\n".join((*texts, *details))),
        return_reason=said.return_reason,
    )


def _matched(line: int, texts: list[str]) -> tuple[re.Match[str], str]:
    """Read the first line; when it was wrapped in the middle, as many more as it takes."""
    joined = ""
    for at, text in enumerate(texts):
        joined += text.rstrip() if at == 0 else text.strip()
        found = _ENTRY.fullmatch(joined)
        if found is None:
            continue
        rest = [each.strip() for each in texts[at + 1 :]]
        if rest and _reference_goes_on(found["references"], rest[0]):
            whole = _ENTRY.fullmatch(joined + rest.pop(0))
            assert whole is not None, "the references may be any text"
            found = whole
        return found, " ".join(rest)
    raise Unreadable(line, f"{texts[0][:60]!r} is no entry of field 61")


def _reference_goes_on(references: str, following: str) -> bool:
    """Say whether a wrapped line is the rest of the references, not supplementary details."""
    if "//" in references:
        return False
    return following.startswith("//") or (references.endswith("/") and following.startswith("/"))


def _booked(text: str | None, value: date, line: int) -> date:
    """Return the entry date, whose year is that of the value date or the one beside it."""
    if text is None or not text.strip():
        return value
    month, day = int(text[:2]), int(text[2:])
    if text == "0000":
        return value
    booked = day_of(value.year, month, day, line)
    if booked - value > HALF_A_YEAR:
        return day_of(value.year - 1, month, day, line)
    if value - booked > HALF_A_YEAR:
        return day_of(value.year + 1, month, day, line)
    return booked


def read_details(lines: list[str]) -> Details:
    """Read field 86: in numbered subfields, with codewords, or as free text."""
    joined = "".join(each.strip("\r\n") for each in lines)
    if _GERMAN.match(joined):
        return _subfields(joined)
    words = _words(_SLASH_WORDS, joined)
    if words.keys() - {""}:
        return _spoken(words, code="", name="")
    return Details(remittance=" ".join(each.strip() for each in lines).strip())


def _subfields(joined: str) -> Details:
    pieces = _SUBFIELD.split(joined)
    named = list(zip(pieces[1::2], pieces[2::2], strict=True))
    purpose = "".join(text for number, text in named if number in PURPOSE)
    name = "".join(text for number, text in named if number in ("32", "33"))
    return _spoken(_words(_PLUS_WORDS, purpose), code=pieces[0].strip(), name=name.strip())


def _words(pattern: re.Pattern[str], text: str) -> dict[str, str]:
    """Split text at codewords; what stands before the first has none."""
    pieces = pattern.split(text)
    words = {"": pieces[0].strip()}
    for word, said in zip(pieces[1::2], pieces[2::2], strict=True):
        words.setdefault(word, said.strip(" /"))
    return words


def _spoken(words: dict[str, str], *, code: str, name: str) -> Details:
    free = words.get("SVWZ") or words.get("REMI", "").removeprefix("USTD//") or words[""]
    end_to_end = words.get("EREF", "")
    return Details(
        code=code,
        end_to_end_id="" if end_to_end in (NO_REFERENCE, "NOTPROVIDED") else end_to_end,
        counterparty=name or words.get("NAME", ""),
        remittance=free,
        return_reason=words.get("RTRN", ""),
    )
