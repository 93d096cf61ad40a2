"""`ledgerctl recon expect`: one run over all that is expected, and what it opens and ends.

Owns: options, the plan, and sending the events of a run.
Never: judges (`streams/reconciliation/external/judged.py`), matches or books anything.

The same run again finds nothing new, so it may be repeated, by a person or by a clock.
"""

from __future__ import annotations

from pathlib import Path

import click

from ingress.sdk.stamp import now_us
from ops import operations
from ops.console import execute_option, json_option
from ops.delivery import deliver, producer_for
from ops.operations import reason_option
from ops.per_partition import Record
from ops.recon.acting import Asked, show
from ops.recon.found import Found
from ops.recon.opening import opening_record
from ops.recon.rails import read_rails
from ops.recon.reading import read_found
from ops.recon.report.content import Days
from ops.recon.runs import read_parts, read_run
from ops.settings import read_settings
from schemas.codec import encode
from schemas.messages.recon import ReconEvent
from streams.reconciliation.external.exceptions.workflow import day_of
from streams.reconciliation.external.judged import Judgement, judged
from topics.catalog import RECON_EVENTS

FILE = click.Path(dir_okay=False, path_type=Path)


@click.command()
@click.option("--rails", required=True, type=FILE, help="Accounts of the rails, as TOML.")
@reason_option
@execute_option
@json_option
def expect(rails: Path, reason: str, *, execute: bool, as_json: bool) -> None:
    """Open what is missing, differs or was not expected; end what came. Books nothing."""
    operations.require_reason(reason, execute=execute)
    settings, book, now = read_settings(), read_rails(rails), now_us()
    address, today = settings.broker(), day_of(now)
    found, partitions = read_found(address)
    days = Days(today, today)
    run = read_run(address, days, book, read_parts(address, days.end_us))
    judgement = judged(run, found.cases.by_id)

    def act() -> None:
        records = records_of(judgement, found, now, partitions)
        deliver(producer_for(address), RECON_EVENTS.name, records)
        opened, arrived = len(judgement.opened), len(judgement.arrived)
        operations.record(settings.state_dir, f"run: {opened} opened, {arrived} ended", reason)

    show(lines_of(judgement), Asked(reason, execute, as_json), act)


def lines_of(judgement: Judgement) -> list[str]:
    """Return what will be said, in words."""
    opened = [
        f"open {each.case_id}: {each.kind} of {each.account}, {each.subject}: {each.detail}"
        for each in judgement.opened
    ]
    return opened + [f"end {each.case_id}: {each.note}" for each in judgement.arrived]


def records_of(judgement: Judgement, found: Found, at: int, partitions: int) -> list[Record]:
    """Return the records, each in the partition of its exception."""
    records = [opening_record(each, at, partitions) for each in judgement.opened]
    for each in judgement.arrived:
        steps = found.cases.by_id[each.case_id].steps
        after = max(at, steps[-1].at) if steps else at
        event_id = f"{each.case_id}-{each.number}-{each.verb}-{each.actor}"
        value = encode(ReconEvent(event_id, after, each))
        records.append((each.case_id.encode(), value, found.homes[each.case_id]))
    return records
