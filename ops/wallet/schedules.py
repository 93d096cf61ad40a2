"""A wallet's schedules, from the log and from what the scheduler told of their occurrences.

Owns: the fold, and how a schedule is said in a row.
Never: reads a topic (`command.py`).
"""

from __future__ import annotations

from collections.abc import Iterable

from ops.console import money_text, time_text
from ops.reading import Placed
from schemas.messages.events import ScheduleMoved
from schemas.messages.rows import ScheduleRow
from schemas.messages.scheduler import OccurrenceAnswer
from schemas.messages.vocabulary import Recurrence


def schedules_of(
    wallet_id: str, log: Iterable[Placed], answers: Iterable[OccurrenceAnswer]
) -> list[dict[str, object]]:
    """Return a row for each schedule, in the order in which they were created."""
    found: dict[str, ScheduleMoved] = {}
    for placed in log:
        for event in placed.decision.events:
            if isinstance(event, ScheduleMoved) and event.wallet_id == wallet_id:
                found[event.schedule_id] = event
    latest = {each.schedule_id: each for each in answers if each.wallet_id == wallet_id}
    return [_row(event, latest.get(event.schedule_id)) for event in found.values()]


def _row(event: ScheduleMoved, answer: OccurrenceAnswer | None) -> dict[str, object]:
    row = event.row
    return {
        "schedule_id": event.schedule_id,
        "state": row.state.name,
        "why": event.reason,
        "pays": f"{row.kind.name} {row.payee} {money_text(row.amount, row.currency)}",
        "how_often": _how_often(row),
        "first_at": time_text(row.first_at),
        "last_number": None if answer is None else answer.number,
        "last_outcome": "" if answer is None else _outcome(answer),
        "refusals": 0 if answer is None else answer.refusals,
    }


def _how_often(row: ScheduleRow) -> str:
    if row.recurrence is Recurrence.ONCE:
        return row.recurrence.name
    every = "" if row.every == 1 else f", every {row.every}"
    count = f", {row.count} times" if row.count else ""
    until = f", until {time_text(row.until)}" if row.until else ""
    return f"{row.recurrence.name}{every}{count}{until}"


def _outcome(answer: OccurrenceAnswer) -> str:
    if answer.reason is None:
        return f"{answer.outcome.name} {answer.stage.name}"
    return f"REJECTED {answer.reason.name} {answer.detail}".rstrip()
