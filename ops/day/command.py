"""`ledgerctl day close|show`: close a business day; show those that are closed.

Owns: options, the plan, and waiting until every partition has closed the day.
Never: judges a day; `closing.py` does.
"""

from __future__ import annotations

from contextlib import closing
from time import monotonic
from typing import Any, Final

import click

from ingress.sdk.stamp import now_us
from ops import operations
from ops.console import execute_option, json_option, show_json, show_rows, time_text
from ops.day.closing import Days, Waiting, cut_after, days_of, next_day, waiting_for
from ops.delivery import deliver, producer_for
from ops.errors import DocumentError, OvertakenError
from ops.operations import reason_option
from ops.reading import TopicReader, raise_damage, sealed
from ops.recon.acting import Asked, show
from ops.recon.cut import CutPlan, plan_of
from ops.recon.found import Found
from ops.recon.reading import read_found
from ops.settings import read_settings
from schemas.access.kafka import Servers
from schemas.messages.vocabulary import ReconAction
from streams.reconciliation.external.exceptions.workflow import ENDED, Case
from streams.reconciliation.rounds import ROUNDS
from streams.wallet.genesis import genesis_policy
from topics.catalog import CONTROL, EVENTS

DEADLINE_S: Final = 60.0
GRAVE: Final = frozenset({ReconAction.HALT, ReconAction.CRITICAL})


@click.group()
def day() -> None:
    """Close a business day in the programme's zone; show closed days."""


@day.command()
@click.option("--day", "asked_day", default="", help="Such as 2026-11-28; else the next one.")
@click.option("--despite-breaks", is_flag=True, help="Also while a grave break is open.")
@reason_option
@execute_option
@json_option
def close(
    asked_day: str, reason: str, *, despite_breaks: bool, execute: bool, as_json: bool
) -> None:
    """Close the next day that is over, by one cut through all partitions.

    Waits until every partition has closed it. What comes later is booked on the open day.
    """
    operations.require_reason(reason, execute=execute)
    settings = read_settings()
    address = settings.broker()
    days, now = read_days(address), now_us()
    label = next_day(days, asked_day, now).isoformat()
    grave = grave_breaks(read_found(address)[0])
    if grave and not despite_breaks:
        raise DocumentError(
            f"{len(grave)} grave breaks are open, such as {grave[0]}: end them, or say "
            "--despite-breaks"
        )
    plan = plan_of(label, cut_after(days, now), operations.who(), days.partitions)
    lines = [*plan.lines(), *(f"in spite of {each}" for each in grave)]

    def act() -> None:
        deliver(producer_for(address), CONTROL.name, plan.records())
        closed = closed_by(address, plan)
        done = f"{label} is closed by cut {cuts_text(closed, label)}, digest {closed.digest(label)}"
        operations.record(settings.state_dir, done, reason, subject=label)
        if not as_json:
            click.echo(done)

    show(lines, Asked(reason, execute, as_json), act)


@day.command("show")
@click.option("--day", "asked_day", default="", help="One day, partition by partition.")
@json_option
def show_(asked_day: str, *, as_json: bool) -> None:
    """Show closed days: by which cut, on how many partitions, and their digest."""
    days = read_days(read_settings().broker())
    if asked_day and asked_day not in days.closed:
        raise DocumentError(f"--day: {asked_day} is not closed")
    if asked_day:
        show_rows(place_rows(days, asked_day), as_json=as_json)
    elif as_json:
        show_json([{**_row(days, each), "places": place_rows(days, each)} for each in days.closed])
    else:
        show_rows([_row(days, each) for each in days.closed], as_json=False, empty="no closed day")


def read_days(address: Servers) -> Days:
    """Read the whole log: only it says what is closed."""
    with closing(TopicReader(address, EVENTS.name)) as reader:
        numbers = range(reader.partitions)
        return days_of(sealed(reader.read(), raise_damage), numbers, genesis_policy().zone)


def grave_breaks(found: Found) -> list[str]:
    """Return the open breaks that ask for a halt or for somebody at once."""
    return [case.case_id for case in found.cases.by_id.values() if _is_grave(found, case)]


def _is_grave(found: Found, case: Case) -> bool:
    known, of_a_round = found.breaks.get(case.case_id), ROUNDS.get(case.kind)
    if case.state in ENDED:
        return False
    asks = known.opened.action if known else of_a_round.action if of_a_round else None
    return asks in GRAVE


def closed_by(address: Servers, plan: CutPlan) -> Days:
    """Read until every partition has closed the day. Raises `OvertakenError`."""
    deadline = monotonic() + DEADLINE_S
    while True:
        days = read_days(address)
        waiting = waiting_for(days, plan.body.label, plan.body.k)
        if waiting.refused or (waiting.left and monotonic() >= deadline):
            raise OvertakenError(_why(plan, waiting))
        if not waiting.left:
            return days


def place_rows(days: Days, day_: str) -> list[dict[str, Any]]:
    """Return where each partition closed a day."""
    return [
        {
            "partition": number,
            "cut": each.k,
            "sequence": each.stand.sequence,
            "offset": each.stand.offset,
            "chain": each.stand.chain.hex(),
            "decided": time_text(each.stand.decided_at),
        }
        for number, each in sorted(days.closed[day_].items())
    ]


def cuts_text(days: Days, day_: str) -> str:
    """Return the cut that closed a day; more than one where a partition refused the first."""
    return ", ".join(str(each) for each in sorted({each.k for each in days.closed[day_].values()}))


def _row(days: Days, day_: str) -> dict[str, Any]:
    closes = days.closed[day_]
    whole = len(closes) == days.partitions
    return {
        "day": day_,
        "cut": cuts_text(days, day_),
        "closed": f"{len(closes)}/{days.partitions}",
        "digest": days.digest(day_) if whole else None,
    }


def _why(plan: CutPlan, waiting: Waiting) -> str:
    label, k = plan.body.label, plan.body.k
    if waiting.refused:
        numbers = ", ".join(map(str, waiting.refused))
        return f"partitions {numbers} refused cut {k}: `ledgerctl day close --day {label}` again"
    numbers = ", ".join(map(str, waiting.left))
    return (
        f"{label} is not closed yet on partitions {numbers}: cut {k} lies before them; see "
        "`ledgerctl day show`"
    )
