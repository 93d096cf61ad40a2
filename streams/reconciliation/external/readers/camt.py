"""camt.052, camt.053 and camt.054: reports, statements and advices of ISO 20022, v02 to v13.

Owns: the three messages as statements; which balances open and close them.
Never: reads entries that are not booked: pending and informational ones are no facts yet.

Versions differ in where a few elements lie (a status or a party one level deeper since v08, an
amount per transaction since v03); both places are looked at, so the version is only recorded.
"""

from __future__ import annotations

import re
from typing import Final

from streams.reconciliation.external.canonical import Balance, Kind, Line, Statement
from streams.reconciliation.external.errors import Unreadable
from streams.reconciliation.external.readers.camt_entry import Place, entry_lines, signed
from streams.reconciliation.external.readers.fields import is_absent, iso_day
from streams.reconciliation.external.readers.xml_tree import Node, read_xml

NAMESPACE: Final = re.compile(
    r"urn:iso:std:iso:20022:tech:xsd:camt\.(05[234])\.001\.(0[2-9]|1[0-3])"
)
# message -> (path below Document, what its lines claim to be)
MESSAGES: Final = {
    "052": (("BkToCstmrAcctRpt", "Rpt"), Kind.INTERIM),
    "053": (("BkToCstmrStmt", "Stmt"), Kind.STATEMENT),
    "054": (("BkToCstmrDbtCdtNtfctn", "Ntfctn"), Kind.ADVICE),
}
OPENINGS: Final = ("OPBD", "PRCD")
CLOSINGS: Final = ("CLBD",)
INTERIM: Final = "ITBD"
PAIR: Final = 2


def read_camt(data: bytes, source: str) -> tuple[Statement, ...]:
    """Read every statement, report or advice of a file."""
    document = _document(read_xml(data))
    found = NAMESPACE.fullmatch(document.namespace)
    if found is None:
        raise Unreadable(document.line, f"namespace {document.namespace!r} is none that is read")
    path, kind = MESSAGES[found[1]]
    statements = tuple(_statement(node, source, kind) for node in document.each(*path))
    if not statements:
        raise Unreadable(document.line, f"there is no {'/'.join(path)} in the document")
    return statements


def _document(root: Node) -> Node:
    """Find the Document, which some banks put into an envelope."""
    waiting = [root]
    for node in waiting:
        if node.name == "Document":
            return node
        waiting.extend(node.children)
    raise Unreadable(root.line, f"the root is {root.name!r}, and there is no Document below")


def _statement(node: Node, source: str, kind: Kind) -> Statement:
    account = node.any_value("Acct/Id/IBAN", "Acct/Id/Othr/Id")
    statement_id = node.value("Id")
    if not account or not statement_id:
        missing = "Acct/Id" if statement_id else "Id"
        raise Unreadable(node.line, f"{node.name} has no {missing}")
    balances = tuple(found for each in node.each("Bal") if (found := _balance(each)) is not None)
    opening, closing = _ends(balances)
    lines = _lines(node, Place(source, account, statement_id))
    return Statement(
        source=source,
        account=account,
        statement_id=statement_id,
        kind=kind,
        currency=_currency(node, balances, lines),
        sequence=_number(node.any_value("LglSeqNb", "ElctrncSeqNb")),
        page=_number(node.any_value("StmtPgntn/PgNb", "RptPgntn/PgNb", "NtfctnPgntn/PgNb")),
        last_page=node.any_value("StmtPgntn/LastPgInd", "RptPgntn/LastPgInd") != "false",
        opening=opening,
        closing=closing,
        other_balances=tuple(each for each in balances if each not in (opening, closing)),
        lines=lines,
    )


def _balance(node: Node) -> Balance | None:
    """Read a balance; one without an amount is none."""
    kind = node.any_value("Tp/CdOrPrtry/Cd", "Tp/CdOrPrtry/Prtry")
    amount = node.first("Amt")
    if amount is None or is_absent(amount.text):
        return None
    day = node.any_value("Dt/Dt", "Dt/DtTm")
    return Balance(
        kind,
        signed(node, amount),
        amount.attributes.get("Ccy", ""),
        iso_day(day, node.line) if day else None,
    )


def _ends(balances: tuple[Balance, ...]) -> tuple[Balance | None, Balance | None]:
    """Return what opens and what closes; a page inside a statement has interim balances."""
    interim = [each for each in balances if each.kind == INTERIM]
    opening = next((b for kind in OPENINGS for b in balances if b.kind == kind), None)
    closing = next((b for kind in CLOSINGS for b in balances if b.kind == kind), None)
    if opening is None and interim and (closing is not None or len(interim) == PAIR):
        opening = interim[0]
    if closing is None and interim and interim[-1] is not opening:
        closing = interim[-1]
    return opening, closing


def _lines(node: Node, place: Place) -> tuple[Line, ...]:
    lines: list[Line] = []
    for entry in node.each("Ntry"):
        if entry.any_value("Sts/Cd", "Sts") in ("BOOK", ""):
            lines.extend(entry_lines(entry, place, len(lines) + 1))
    return tuple(lines)


def _currency(node: Node, balances: tuple[Balance, ...], lines: tuple[Line, ...]) -> str:
    seen = [each.currency for each in balances] + [each.currency for each in lines]
    return node.value("Acct", "Ccy") or next(iter(seen), "")


def _number(text: str) -> int | None:
    return int(text) if re.fullmatch(r"[0-9]{1,18}", text) else None
