"""Judged: what a run means for exceptions: which begin, and which end because it came.

Owns: the difference of each expectation, line, statement and fee, with its kind, place and amount.
Never: ends what a person ended or is about to write off; opens twice what is the same.

A difference that came back after it had ended by itself begins a new exception, with a number more
in its name. One that a person ended stays ended.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Final, NamedTuple

from schemas.messages.recon import ExceptionMoved, ExceptionOpened
from streams.reconciliation.external.canonical import Kind as StatementKind
from streams.reconciliation.external.canonical import Statement
from streams.reconciliation.external.exceptions.difference import Difference, arrival, opening
from streams.reconciliation.external.exceptions.kinds import (
    OPENED_BY_STATUS,
    TIMING_KINDS,
    Kind,
    case_id_of,
)
from streams.reconciliation.external.exceptions.workflow import (
    ENDED,
    SYSTEM,
    TRANSITIONS,
    Case,
    Verb,
)
from streams.reconciliation.external.expecting import Rail
from streams.reconciliation.external.matching.expectations import Status
from streams.reconciliation.external.matching.rail_days import business_days
from streams.reconciliation.external.matching.references import normal
from streams.reconciliation.external.run import Run

BPS: Final = 10_000
GENERATIONS_MAX: Final = 20  # so often a difference may come back and still end by itself
BY_AMOUNT: Final = frozenset({Status.OVER_AMOUNT, Status.UNDER_AMOUNT, Status.PARTIALLY_MATCHED})


class Judgement(NamedTuple):
    """What is to be said."""

    opened: tuple[ExceptionOpened, ...]
    arrived: tuple[ExceptionMoved, ...]


def judged(run: Run, cases: Mapping[str, Case]) -> Judgement:
    """Compare what differs now with the exceptions that are known."""
    now = {(each.kind, each.subject): each for each in differences(run)}
    opened: list[ExceptionOpened] = []
    for each in now.values():
        case_id = _to_open(each, cases)
        if case_id:
            opened.append(opening(case_id, each))
    arrived = [
        arrival(case, "it differs no more")
        for case in cases.values()
        if _is_ours(case) and (case.kind, case.subject) not in now and _may_end(case)
    ]
    return Judgement(tuple(opened), tuple(arrived))


def differences(run: Run) -> Iterator[Difference]:
    """Yield everything that differs now."""
    yield from _expectations(run)
    yield from _lines(run)
    yield from _statements(run)
    yield from _fees(run)


def _expectations(run: Run) -> Iterator[Difference]:
    named = Counter[tuple[str, str, str]]()
    for line in run.outcome.left.lines:
        named[line.account, line.currency, normal(line.rail_ref or line.end_to_end_id)] += (
            line.amount
        )
    for each in run.expectations:
        status = run.standing.statuses[each.expectation_id]
        kind = OPENED_BY_STATUS.get(status)
        if kind is None:
            continue
        found = named[each.account, each.currency, normal(each.rail_ref)]
        apart = abs(each.amount - found) if status in BY_AMOUNT and found else abs(each.amount)
        yield Difference(
            kind,
            each.account,
            each.currency,
            apart,
            each.expectation_id,
            f"{status}: {each.rail} {each.rail_ref}, {each.amount} expected on {each.expected_on}",
        )


def _lines(run: Run) -> Iterator[Difference]:
    for line in run.booked:
        kind = run.standing.lines.get(line.line_id)
        if kind is not None:
            yield Difference(
                kind,
                line.account,
                line.currency if line.amount else "",
                abs(line.amount),
                line.line_id,
                f"{line.amount} booked on {line.booking_date}, {line.rail_ref} {line.remittance}",
            )


def _statements(run: Run) -> Iterator[Difference]:
    """Find accounts whose next statement is late; without any, by what it should show."""
    for account, rail in _by_account(run.book.rails).items():
        days = [day for each in run.statements if (day := _last_day(each, account)) is not None]
        wanted = [each.expected_on for each in run.expectations if each.account == account]
        since = max(days, default=None) or min(wanted, default=run.today)
        waited = 0 if since >= run.today else business_days(since, run.today, frozenset())
        if waited > rail.statement_days:
            subject = f"{account}, after {since}"
            detail = f"no statement for {waited} business days"
            yield Difference(Kind.STATEMENT_GAP, account, "", 0, subject, detail)


def _fees(run: Run) -> Iterator[Difference]:
    """Compare what a processor kept of each report with what it may keep, all items together."""
    rails = {each.processor: each for each in run.book.rails.values() if each.processor}
    for statement in run.statements:
        rail = rails.get(statement.account)
        if rail is None or statement.kind is not StatementKind.ADVICE:
            continue
        kept, agreed, items = Counter[str](), Counter[str](), Counter[str]()
        for line in statement.lines:
            kept[line.currency] += line.fee
            agreed[line.currency] += fee_of(rail, line.amount)
            items[line.currency] += 1
        for currency in sorted(items):
            drift = kept[currency] - agreed[currency]
            if abs(drift) > items[currency] * run.book.rules().fee_rounding:
                detail = (
                    f"kept {kept[currency]}, agreed {agreed[currency]}, {items[currency]} items"
                )
                about = f"{statement.account}/{statement.statement_id}/{currency}"
                yield Difference(Kind.FEE, statement.account, currency, abs(drift), about, detail)


def fee_of(rail: Rail, gross: int) -> int:
    """Return what may be kept of an item, rounded half up; of a refund nothing."""
    return rail.fee_minor + (gross * rail.fee_bps + BPS // 2) // BPS if gross > 0 else 0


def _by_account(rails: Mapping[str, Rail]) -> dict[str, Rail]:
    """Return each account once, with the most patient of its rails."""
    found: dict[str, Rail] = {}
    for each in rails.values():
        known = found.get(each.account)
        if known is None or each.statement_days > known.statement_days:
            found[each.account] = each
    return found


def _last_day(statement: Statement, account: str) -> date | None:
    """Return the last day that a booked statement of an account is about."""
    if statement.account != account or statement.kind is not StatementKind.STATEMENT:
        return None
    closing = statement.closing
    if closing is not None and closing.day is not None:
        return closing.day
    return max((each.booking_date for each in statement.lines), default=None)


def _named(kind: Kind, subject: str, number: int) -> str:
    return case_id_of(kind, ("run", subject, str(number)))


def _to_open(each: Difference, cases: Mapping[str, Case]) -> str:
    """Return the id of the exception to open; none while one is open or a person ended it."""
    number = 0
    while True:
        case_id = _named(each.kind, each.subject, number)
        case = cases.get(case_id)
        if case is None:
            return case_id
        if case.state not in ENDED or case.steps[-1].actor != SYSTEM:
            return ""
        number += 1


def _is_ours(case: Case) -> bool:
    """Tell whether a run opened it: only that may a run end."""
    names = (_named(case.kind, case.subject, number) for number in range(GENERATIONS_MAX))
    return case.case_id in names


def _may_end(case: Case) -> bool:
    return case.kind in TIMING_KINDS and (case.state, Verb.ARRIVE) in TRANSITIONS
