"""An entry of camt, and the transactions a batch in it is made of.

Owns: the split of a batch into lines, references, parties, reasons of returns.
Never: splits a batch whose parts do not add up to it: then the entry stays one line.

The direction is that of `CdtDbtInd` alone; `RvslInd` only says that it takes something back.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from streams.reconciliation.external.canonical import Line
from streams.reconciliation.external.errors import Unreadable
from streams.reconciliation.external.readers.fields import iso_day, minor_units, raw_hash
from streams.reconciliation.external.readers.xml_tree import Node

SIGNS: Final = {"CRDT": 1, "DBIT": -1}
NOT_PROVIDED: Final = "NOTPROVIDED"


@dataclass(frozen=True, slots=True)
class Place:
    """Where lines stand: of whose account, in which statement."""

    source: str
    account: str
    statement_id: str


@dataclass(frozen=True, slots=True)
class Entry:
    """What the lines of one entry share."""

    node: Node
    amount: int
    currency: str
    booked: date
    value: date
    batch_id: str
    several: bool


def signed(node: Node, amount: Node) -> int:
    """Read an amount with its direction; the line is that of the amount."""
    sign = SIGNS.get(node.value("CdtDbtInd"))
    if sign is None:
        raise Unreadable(node.line, f"{node.name} says neither CRDT nor DBIT")
    return sign * minor_units(amount.text, amount.attributes.get("Ccy", ""), amount.line)


def entry_lines(node: Node, place: Place, first: int) -> list[Line]:
    """Read an entry as one line, or as one line for each transaction of its batch."""
    amount = node.first("Amt")
    if amount is None:
        raise Unreadable(node.line, "an entry has no Amt")
    entry = _entry(node, amount)
    parts = list(node.each("NtryDtls", "TxDtls"))
    amounts = [_part_amount(part, entry) for part in parts]
    split = [each for each in amounts if each is not None]
    if len(parts) > 1 and len(split) == len(parts) and sum(split) == entry.amount:
        return [
            _line(entry, place, first + at, (part, each))
            for at, (part, each) in enumerate(zip(parts, split, strict=True))
        ]
    only = parts[0] if len(parts) == 1 else node
    return [_line(entry, place, first, (only, entry.amount))]


def _entry(node: Node, amount: Node) -> Entry:
    value = node.any_first("ValDt/Dt", "ValDt/DtTm", "BookgDt/Dt", "BookgDt/DtTm")
    booked = node.any_first("BookgDt/Dt", "BookgDt/DtTm") or value
    if booked is None or value is None:
        raise Unreadable(node.line, "an entry has neither BookgDt nor ValDt")
    batch = node.any_value("NtryDtls/Btch/PmtInfId", "NtryDtls/Btch/MsgId")
    several = len(list(node.each("NtryDtls", "TxDtls"))) > 1
    return Entry(
        node,
        signed(node, amount),
        amount.attributes.get("Ccy", ""),
        iso_day(booked.text, booked.line),
        iso_day(value.text, value.line),
        batch or (_entry_ref(node) if several else ""),
        several,
    )


def _part_amount(part: Node, entry: Entry) -> int | None:
    """Read the amount of one transaction in the entry's currency, if it has one."""
    for path in (("Amt",), ("AmtDtls", "TxAmt", "Amt")):
        amount = part.first(*path)
        if amount is not None and amount.attributes.get("Ccy", "") == entry.currency:
            said = part if part.value("CdtDbtInd") else entry.node
            return signed(said, amount)
    return None


def _line(entry: Entry, place: Place, seq: int, part: tuple[Node, int]) -> Line:
    node, amount = part
    # The entry's reference names the batch as a whole, never one part of it.
    part_of_batch = node is not entry.node and entry.several
    end_to_end = node.value("Refs", "EndToEndId")
    return Line(
        source=place.source,
        account=place.account,
        statement_id=place.statement_id,
        seq=seq,
        booking_date=entry.booked,
        value_date=entry.value,
        amount=amount,
        currency=entry.currency,
        rail_ref=_own_ref(node) or ("" if part_of_batch else _entry_ref(entry.node)),
        end_to_end_id="" if end_to_end == NOT_PROVIDED else end_to_end,
        batch_id=entry.batch_id or node.any_value("Refs/PmtInfId"),
        counterparty=_counterparty(node, amount),
        remittance=_remittance(entry.node, node),
        bank_tx_code=_code(node) or _code(entry.node),
        reversal=entry.node.value("RvslInd") in ("true", "1"),
        raw_hash=raw_hash(node.raw() if node is not entry.node else entry.node.raw()),
        return_reason=node.any_value("RtrInf/Rsn/Cd", "RtrInf/Rsn/Prtry"),
    )


def _own_ref(part: Node) -> str:
    return part.any_value("Refs/AcctSvcrRef", "Refs/ClrSysRef", "Refs/TxId")


def _entry_ref(entry: Node) -> str:
    return entry.any_value("AcctSvcrRef", "NtryRef")


def _counterparty(part: Node, amount: int) -> str:
    """Return whom the money came from or went to; the name lies deeper since v08."""
    other = "Dbtr" if amount > 0 else "Cdtr"
    return part.any_value(f"RltdPties/{other}/Nm", f"RltdPties/{other}/Pty/Nm")


def _remittance(entry: Node, part: Node) -> str:
    structured = [each.text for each in part.each("RmtInf", "Strd", "CdtrRefInf", "Ref")]
    free = [each.text for each in part.each("RmtInf", "Ustrd")]
    said = " ".join(text for text in (*structured, *free) if text)
    return said or part.value("AddtlTxInf") or entry.value("AddtlNtryInf")


def _code(node: Node) -> str:
    domain = node.value("BkTxCd", "Domn", "Cd")
    family = node.value("BkTxCd", "Domn", "Fmly", "Cd")
    sub_family = node.value("BkTxCd", "Domn", "Fmly", "SubFmlyCd")
    return "/".join(filter(None, (domain, family, sub_family))) or node.value(
        "BkTxCd", "Prtry", "Cd"
    )
