"""Content: what happened in some days, from the log of recon events and the files taken in.

Owns: the figures, and the document that a program reads.
Never: reads; a day is a day in UTC, and the same days of the same logs give the same bytes.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256
from typing import Any, Final

from ops.errors import DocumentError
from ops.recon.found import Found
from ops.recon.report.matched import Matching
from schemas.messages.external import StatementPart
from streams.reconciliation.external.exceptions.ageing import (
    RollForward,
    aged,
    due_on,
    is_overdue,
    rolled,
)
from streams.reconciliation.external.exceptions.workflow import ENDED, Case

DAYS_MAX: Final = 366
DAY_US: Final = 86_400_000_000
EPOCH: Final = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class Days:
    """From one day to another, both included."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if not 0 <= (self.last - self.first).days < DAYS_MAX:
            raise DocumentError(
                f"--from, --to: 1 to {DAYS_MAX} days, not {self.first}..{self.last}"
            )

    @property
    def end_us(self) -> int:
        """The instant after the last day."""
        return ((self.last - EPOCH).days + 1) * DAY_US

    def each(self) -> list[date]:
        """Return every day."""
        count = (self.last - self.first).days + 1
        return [self.first + timedelta(days=number) for number in range(count)]


@dataclass(frozen=True, slots=True)
class TakenIn:
    """A file of a bank or processor."""

    fingerprint: str
    file_format: str
    source: str
    account: str
    lines: int
    findings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Content:
    """Everything that the report says."""

    days: Days
    found: Found
    files: tuple[TakenIn, ...]
    matching: Matching | None = None

    @property
    def cases(self) -> list[Case]:
        """Every exception, the oldest first."""
        cases = self.found.cases.by_id.values()
        return sorted(cases, key=lambda each: (each.opened_at, each.case_id))

    @property
    def open(self) -> list[Case]:
        """Those that nobody has ended."""
        return [each for each in self.cases if each.state not in ENDED]

    def roll_forward(self) -> RollForward:
        """Count the whole period."""
        return rolled(self.cases, self.days.first, self.days.last)

    def by_day(self) -> list[tuple[date, RollForward]]:
        """Count each day."""
        return [(day, rolled(self.cases, day, day)) for day in self.days.each()]


def files_of(parts: Iterable[StatementPart]) -> tuple[TakenIn, ...]:
    """Return one row for each file and account, in the order they were taken in."""
    lines = Counter[tuple[str, str]]()
    rows: dict[tuple[str, str], StatementPart] = {}
    for part in parts:
        key = part.fingerprint, part.account
        rows.setdefault(key, part)
        lines[key] += len(part.lines)
    return tuple(
        TakenIn(
            part.fingerprint,
            part.file_format,
            part.source,
            part.account,
            lines[key],
            tuple(part.findings),
        )
        for key, part in rows.items()
    )


def document_of(content: Content) -> dict[str, Any]:
    """Return the report for programs, with a digest that a signature can name."""
    today = content.days.last
    said: dict[str, Any] = {
        "report": "reconciliation",
        "from": content.days.first.isoformat(),
        "to": today.isoformat(),
        "roll_forward": _rolled(content.roll_forward()),
        "days": [{"day": str(day), **_rolled(each)} for day, each in content.by_day()],
        "ageing": [
            {"days": each.name, "count": each.count, "amounts": dict(each.amounts)}
            for each in aged(content.cases, today)
        ],
        "by_kind": _counted(content.open, today, lambda each: each.kind.value),
        "by_owner": _counted(content.open, today, lambda each: each.assignee or each.group),
        "overdue": [
            _late(each)
            for each in sorted(content.open, key=due_on)  # stable: then the oldest first
            if is_overdue(each, today)
        ],
        "cuts": _cuts(content.found),
        "files": [
            {
                "fingerprint": each.fingerprint,
                "format": each.file_format,
                "source": each.source,
                "account": each.account,
                "lines": each.lines,
                "findings": list(each.findings),
            }
            for each in content.files
        ],
        "matching": None if content.matching is None else content.matching.document(),
        "acts_that_did_not_fit": len(content.found.cases.misfits),
    }
    text = json.dumps(said, sort_keys=True, separators=(",", ":"))
    return {**said, "digest": sha256(text.encode()).hexdigest()}


def _rolled(each: RollForward) -> dict[str, int]:
    return {
        "opening": each.opening,
        "new": each.new,
        "ended": each.ended,
        "closing": each.closing,
    }


def _counted(cases: list[Case], today: date, name: Any) -> list[dict[str, Any]]:  # noqa: ANN401
    open_ones = Counter(name(each) for each in cases)
    late = Counter(name(each) for each in cases if is_overdue(each, today))
    order = sorted(open_ones, key=lambda each: (-open_ones[each], each))
    return [{"name": each, "open": open_ones[each], "overdue": late[each]} for each in order]


def _late(case: Case) -> dict[str, Any]:
    return {
        "id": case.case_id,
        "kind": case.kind.value,
        "state": case.state.value,
        "who": case.assignee or case.group,
        "due": due_on(case).isoformat(),
        "minor": case.amount,
        "currency": case.currency,
        "about": case.subject,
    }


def _cuts(found: Found) -> dict[str, Any]:
    proved = [each for each in found.cuts.values() if each.proved is not None]
    newest = max(proved, key=lambda each: each.k, default=None)
    equal = [each for each in proved if each.proved is not None and each.proved.equal]
    return {
        "taken": len(found.cuts),
        "proved": len(proved),
        "equal": len(equal),
        "newest": None if newest is None else {"k": newest.k, "label": newest.label},
    }
