"""Parts: statements as records of the topic, and back.

Owns: how a statement is cut so that a record stays small; what earlier records mean for checks.
Never: sends or reads a record.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Final

from schemas.messages.external import ExternalBalance, ExternalLine, StatementKind, StatementPart
from streams.reconciliation.external.canonical import Balance, BankFile, Kind, Line, Statement
from streams.reconciliation.external.checks import Before
from streams.reconciliation.external.errors import FileRefused

# A batch of the broker takes 1 MiB; a part stays well below it, whatever is around it.
PART_BYTES_MAX: Final = 400_000
LINE_BYTES_MAX: Final = 100_000
LINE_BYTES: Final = 200  # what a line takes beside its texts, at most
EPOCH: Final = date(1970, 1, 1)


def parts_of(file: BankFile, findings: tuple[str, ...] = ()) -> Iterator[StatementPart]:
    """Yield the records of a file, in its order; each line lies whole in one of them."""
    for number, statement in enumerate(file.statements):
        pieces = list(_pieces(statement.lines))
        for part, lines in enumerate(pieces):
            yield StatementPart(
                fingerprint=file.fingerprint,
                file_format=file.format,
                source=statement.source,
                account=statement.account,
                statement_id=statement.statement_id,
                kind=StatementKind[statement.kind.name],
                currency=statement.currency,
                sequence=statement.sequence,
                page=statement.page,
                last_page=statement.last_page,
                opening=_wire_balance(statement.opening),
                closing=_wire_balance(statement.closing),
                other_balances=tuple(map(_wire, statement.other_balances)),
                statement=number,
                part=part,
                parts=len(pieces),
                findings=findings,
                lines=tuple(map(_wire_line, lines)),
            )


def statements_of(parts: Iterable[StatementPart]) -> Iterator[Statement]:
    """Put statements together again; parts of one statement follow each other in its partition."""
    lines: dict[tuple[str, int], list[Line]] = {}
    for part in parts:
        key = (part.fingerprint, part.statement)
        lines.setdefault(key, []).extend(_line(each, part) for each in part.lines)
        if part.part == part.parts - 1:
            yield _statement(part, tuple(lines.pop(key)))


def before_of(parts: Iterable[StatementPart]) -> Before:
    """Fold what was taken in before into what the checks of the next file need."""
    fingerprints: set[str] = set()
    statements: set[tuple[str, str, int | None]] = set()
    latest: dict[str, Statement] = {}
    for part in parts:
        fingerprints.add(part.fingerprint)
        statements.add((part.account, part.statement_id, part.page))
        if part.part == 0 and part.kind is StatementKind.STATEMENT:
            latest[part.account] = _statement(part, ())
    return Before(fingerprints, statements, tuple(latest.values()))


def _pieces(lines: tuple[Line, ...]) -> Iterator[tuple[Line, ...]]:
    """Cut lines by their size; a statement without lines is one piece all the same."""
    piece: list[Line] = []
    size = 0
    for line in lines:
        needed = _size(line)
        if needed > LINE_BYTES_MAX:
            raise FileRefused(f"line {line.seq} of {line.statement_id} has {needed} bytes of text")
        if size + needed > PART_BYTES_MAX:
            yield tuple(piece)
            piece, size = [], 0
        piece.append(line)
        size += needed
    yield tuple(piece)


def _size(line: Line) -> int:
    texts = (line.rail_ref, line.end_to_end_id, line.batch_id, line.counterparty)
    more = (line.remittance, line.bank_tx_code, line.return_reason, line.raw_hash)
    return LINE_BYTES + sum(len(each.encode()) for each in (*texts, *more))


def _wire_line(line: Line) -> ExternalLine:
    return ExternalLine(
        seq=line.seq,
        booking_day=_days(line.booking_date),
        value_day=_days(line.value_date),
        minor=line.amount,
        currency=line.currency,
        fee=line.fee,
        rail_ref=line.rail_ref,
        end_to_end_id=line.end_to_end_id,
        batch_id=line.batch_id,
        counterparty=line.counterparty,
        remittance=line.remittance,
        bank_tx_code=line.bank_tx_code,
        reversal=line.reversal,
        return_reason=line.return_reason,
        raw_hash=line.raw_hash,
    )


def _line(wire: ExternalLine, part: StatementPart) -> Line:
    return Line(
        source=part.source,
        account=part.account,
        statement_id=part.statement_id,
        seq=wire.seq,
        booking_date=_date(wire.booking_day),
        value_date=_date(wire.value_day),
        amount=wire.minor,
        currency=wire.currency,
        rail_ref=wire.rail_ref,
        end_to_end_id=wire.end_to_end_id,
        batch_id=wire.batch_id,
        counterparty=wire.counterparty,
        remittance=wire.remittance,
        bank_tx_code=wire.bank_tx_code,
        reversal=wire.reversal,
        raw_hash=wire.raw_hash,
        fee=wire.fee,
        return_reason=wire.return_reason,
    )


def _statement(part: StatementPart, lines: tuple[Line, ...]) -> Statement:
    return Statement(
        source=part.source,
        account=part.account,
        statement_id=part.statement_id,
        kind=Kind[part.kind.name],
        currency=part.currency,
        sequence=part.sequence,
        page=part.page,
        last_page=part.last_page,
        opening=None if part.opening is None else _balance(part.opening),
        closing=None if part.closing is None else _balance(part.closing),
        other_balances=tuple(map(_balance, part.other_balances)),
        lines=lines,
    )


def _wire(balance: Balance) -> ExternalBalance:
    day = None if balance.day is None else _days(balance.day)
    return ExternalBalance(balance.kind, balance.amount, balance.currency, day)


def _wire_balance(balance: Balance | None) -> ExternalBalance | None:
    return None if balance is None else _wire(balance)


def _balance(wire: ExternalBalance) -> Balance:
    day = None if wire.day is None else _date(wire.day)
    return Balance(wire.kind, wire.minor, wire.currency, day)


def _days(day: date) -> int:
    return (day - EPOCH).days


def _date(days: int) -> date:
    return date.fromordinal(EPOCH.toordinal() + days)
