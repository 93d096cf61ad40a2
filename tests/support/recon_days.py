"""Two weeks of a reconciliation: exceptions that come and go, files, cuts, and a match rate.

Owns: events, statements and expectations that are the same every time.
"""

from datetime import UTC, date, datetime, timedelta
from functools import cache

from ops.recon.found import Found
from ops.recon.report.content import Content, Days, TakenIn
from ops.recon.report.matched import matching_of
from schemas.messages.recon import (
    BreakClosed,
    BreakOpened,
    CutProved,
    ExceptionMoved,
    ExceptionOpened,
    ReconEvent,
)
from schemas.messages.vocabulary import ReconAction, ReconCheck, ReconSeverity
from streams.reconciliation.external.canonical import Kind, Statement
from streams.reconciliation.external.expecting import Rail, RailBook
from streams.reconciliation.external.matching.expectations import Tolerance
from streams.reconciliation.external.run import run_of
from tests.support.reconciling import ACCOUNT, expectation, line

FIRST = date(2026, 3, 2)
LAST = date(2026, 3, 15)
DAYS = Days(FIRST, LAST)
BOOK = RailBook({"sct": Rail(ACCOUNT, 3, 2, Tolerance())})
KINDS = ("MISSING_EXTERNAL", "OVER", "UNDER", "FEE", "MISSING_INTERNAL", "STATEMENT_GAP")
PEOPLE = ("ann", "bea", "cid")


def at(day, hour=9):
    """Microseconds of an hour of a day, counted from the first one."""
    when = datetime(FIRST.year, FIRST.month, FIRST.day, hour, tzinfo=UTC) + timedelta(days=day)
    return int(when.timestamp()) * 1_000_000


def outside(number, day):
    kind = KINDS[number % len(KINDS)]
    about = f"transaction {number} <of a customer & another>"
    body = ExceptionOpened(
        f"case-{number}", kind, ACCOUNT, "EUR", 12_50 * (number + 1), about, "detail", "system"
    )
    return ReconEvent(f"case-{number}-opened", at(day), body)


def moved(number, step, verb, day, **said):
    defaults = {"assignee": "", "end": "", "entry_id": "", "role": "", "note": "", "terms": None}
    who = PEOPLE[number % len(PEOPLE)]
    body = ExceptionMoved(f"case-{number}", step, verb, who, **(defaults | said))
    return ReconEvent(f"case-{number}-{step}", at(day, 9 + step), body)


def events():
    """Fifty exceptions over a hundred days, most of them ended soon; cuts at the end of days."""
    said = []
    for number in range(50):
        day = number * 7 % 15 if number >= 12 else -1 - 8 * number
        said.append(outside(number, day))
        said.append(moved(number, 1, "ASSIGN", day, assignee=PEOPLE[number % len(PEOPLE)]))
        said.append(moved(number, 2, "INVESTIGATE", day))
        if number % 5 < 3 and day >= -20:
            ended = max(day, 0) + number % 4
            said.append(moved(number, 3, "RESOLVE", ended, end="MATCHED"))
    about = ReconCheck.RI07, ReconSeverity.CRITICAL, ReconAction.CRITICAL
    broken = BreakOpened("RI07-0-a", *about, 0, "a EUR", 5, "reserved 5, holds 4")
    said.append(ReconEvent("RI07-0-a-opened", at(4), broken))
    said.append(ReconEvent("RI07-0-a-closed", at(4, 10), BreakClosed("RI07-0-a", "equal again")))
    for day in range(14):
        label = str(FIRST + timedelta(days=day))
        proved = CutProved(at(day, 23) // 1_000_000, label, 4, True, (), 0, 0, 0, ())
        said.append(ReconEvent(f"cut-{day}", at(day, 23), proved))
    return said


def found(until=DAYS.end_us):
    """What was found before an instant."""
    made = Found()
    for event in events():
        if event.at < until:
            made.take(event)
    return made


def matching():
    """Two hundred expectations of which ten are not found, and lines nobody expected."""
    wanted = [expectation(f"w/{n}", 1_000 + n, rail_ref=f"REF-{n:06}") for n in range(200)]
    lines = [line(n + 1, 1_000 + n, rail_ref=f"REF-{n:06}") for n in range(150)]
    lines += [line(n + 1, 1_000 + n, remittance=f"thanks REF-{n:06}") for n in range(150, 190)]
    lines += [line(900 + n, 77_000 + n, counterparty="nobody") for n in range(3)]
    statement = Statement(
        source="bank",
        account=ACCOUNT,
        statement_id="S",
        kind=Kind.STATEMENT,
        currency="EUR",
        lines=tuple(lines),
    )
    return matching_of(run_of(wanted, [statement], BOOK, LAST))


@cache
def content(*, matched=True):
    """The content of a report of these two weeks."""
    files = tuple(
        TakenIn(f"{n:064x}", "camt", "bank", ACCOUNT, 193, ("SequenceGap",) if n == 2 else ())
        for n in range(1, 4)
    )
    return Content(DAYS, found(), files, matching() if matched else None)
