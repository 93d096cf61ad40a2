"""`ledgerctl recon cut`: mark the log of every partition with the same number.

Owns: the number of a cut, its control records, and sending them.
Never: waits for what the partitions answer: `recon cuts` shows it.

The number is the second in which the cut is asked for, so it grows without anybody keeping it; two
who ask in the same second have asked for the same cut.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

import click
from confluent_kafka import Producer

from ingress.sdk.client import partition_count
from ingress.sdk.stamp import now_us
from ops import operations
from ops.console import execute_option, show_plan
from ops.delivery import TIMEOUT_S, deliver, producer_for
from ops.errors import DocumentError
from ops.operations import reason_option
from ops.per_partition import Record, to_every_partition
from ops.settings import Settings, read_settings
from schemas.codec import encode
from schemas.messages.control import Control, TakeCut
from topics.catalog import CONTROL

MICROS: Final = 1_000_000
ONE_DAY: Final = timedelta(days=1)


@click.command()
@click.option("--label", default="", help="Date that it closes; else use `day close`.")
@reason_option
@execute_option
def cut(label: str, reason: str, *, execute: bool) -> None:
    """Write CUT to every partition of the control topic.

    Each partition takes it between two of its own Decisions; the reconciliation then compares all
    of them at that place. Nothing stops, and nothing waits.
    """
    operations.require_reason(reason, execute=execute)
    settings = read_settings()
    producer = producer_for(settings.broker())
    partitions = partition_count(producer, settings.broker(), CONTROL.name, TIMEOUT_S)
    plan = plan_of(label, now_us(), operations.who(), partitions)
    show_plan(plan.lines(), execute=execute, act=lambda: _send(plan, settings, producer, reason))


@dataclass(frozen=True, slots=True)
class CutPlan:
    """A cut and how many partitions it goes through."""

    control: Control
    body: TakeCut
    partitions: int

    def lines(self) -> list[str]:
        """Return what will be done, in words."""
        label = f" ({self.body.label})" if self.body.label else ""
        return [
            f"take cut {self.body.k}{label} on partition {number}"
            for number in range(self.partitions)
        ]

    def records(self) -> list[Record]:
        """Return key, value and partition of every record."""
        return to_every_partition(encode(self.control), self.partitions)


def plan_of(label: str, now_us: int, issuer: str, partitions: int) -> CutPlan:
    """Return the cut of this second. Raises `DocumentError` for a label that is no date."""
    if label and not _is_a_date(label):
        raise DocumentError(f"--label: {label!r} is no date such as 2026-11-29")
    # Zones are less than a day ahead of UTC. A label far away would close every day before it.
    if label and date.fromisoformat(label) > _day(now_us) + ONE_DAY:
        raise DocumentError(f"--label: {label} is not over anywhere: see `ledgerctl day close`")
    body = TakeCut(now_us // MICROS, label)
    return CutPlan(Control(f"cut-{body.k}", now_us, issuer, body, ""), body, partitions)


def _day(now_us: int) -> date:
    return datetime.fromtimestamp(now_us / MICROS, tz=UTC).date()


def _is_a_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _send(plan: CutPlan, settings: Settings, producer: Producer, reason: str) -> None:
    """Write one record per partition, and the note."""
    deliver(producer, CONTROL.name, plan.records())
    what = f"take cut {plan.body.k} {plan.body.label}"
    operations.record(settings.state_dir, what, reason, request_id=plan.control.control_id)
