"""`ledgerctl recon breaks`: what differs, who has it, and since when.

Owns: options and output.
Never: compares; the match job did.
"""

from __future__ import annotations

from typing import Any, Final

import click

from ingress.sdk.stamp import now_us
from ops.console import json_option, money_text, show_rows, time_text
from ops.exits import DIFFERENCES
from ops.recon.found import Found, Repair
from ops.recon.reading import read_found
from ops.settings import read_settings
from schemas.messages.recon import RepairBegun, RepairOrdered
from streams.reconciliation.external.exceptions.ageing import bucket_of, due_on, is_overdue
from streams.reconciliation.external.exceptions.workflow import ENDED, Case, day_of
from streams.reconciliation.rounds import ROUNDS

# Columns for a person; a program gets all.
SEEN: Final = (
    *("id", "check", "severity", "action", "at stake", "state", "who", "age", "due"),
    *("about", "detail", "repair"),
)
DIGITS: Final = 8  # of a digest, for a person


@click.command()
@click.option("--all", "also_closed", is_flag=True, help="Also those that were ended.")
@json_option
@click.pass_context
def breaks(ctx: click.Context, *, also_closed: bool, as_json: bool) -> None:
    """Show what is not ended, oldest first. Exit code 1 when there is something."""
    found, _ = read_found(read_settings().broker())
    rows = break_rows(found, now_us(), also_closed=also_closed)
    if not as_json:
        rows = [{name: row[name] for name in SEEN} for row in rows]
    show_rows(rows, as_json=as_json, empty="no break")
    if any(each.state not in ENDED for each in found.cases.by_id.values()):
        ctx.exit(DIFFERENCES)


def break_rows(found: Found, now: int, *, also_closed: bool) -> list[dict[str, Any]]:
    """Return breaks and exceptions as rows."""
    cases = found.cases.by_id.values()
    chosen = [each for each in cases if also_closed or each.state not in ENDED]
    chosen.sort(key=lambda each: (each.opened_at, each.case_id))
    return [_row(found, each, max(now, each.opened_at)) for each in chosen]


def _row(found: Found, case: Case, now: int) -> dict[str, Any]:
    known, today = found.breaks.get(case.case_id), day_of(now)
    opened = None if known is None else known.opened
    graded = opened or ROUNDS.get(case.kind)
    ended = case.state in ENDED
    return {
        "id": case.case_id,
        "check": case.kind.value,
        "severity": graded.severity.name if graded else None,
        "action": graded.action.name if graded else None,
        "partition": opened.partition if opened else None,
        "sequence": (opened.sequence or None) if opened else None,
        "about": case.subject,
        "at stake": money_text(case.amount, case.currency) if case.amount else None,
        "state": case.state.value,
        "who": case.assignee or case.group,
        "since": time_text(case.opened_at),
        "age": None if ended else bucket_of(case.opened_on, today),
        "due": f"{due_on(case)}{' OVERDUE' if is_overdue(case, today) else ''}",
        "closed": time_text(case.steps[-1].at) if ended else None,
        "detail": case.detail,
        "repair": None if known is None else repair_words(known.repair),
    }


def repair_words(repair: Repair | None) -> str | None:
    """Return how far a repair is, with the digests before and after where there are any."""
    if repair is None:
        return None
    if isinstance(repair, RepairOrdered):
        return f"{repair.attempt} ordered"
    before = repair.before.hex()[:DIGITS]
    if isinstance(repair, RepairBegun):
        return f"{repair.attempt} begun at {before}"
    after = repair.after.hex()[:DIGITS]
    return f"{repair.attempt} done, {before} -> {after}, {repair.changed} rows: {repair.detail}"
