"""`ledgerctl simulate`: run the money path over a virtual cluster, by seed.

Owns: options and output. Exit code 1 when an invariant is broken.
Never: judges a run; `check.py` does.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import click

from ops.console import json_option, show_json, show_rows
from ops.exits import DIFFERENCES
from ops.simulate.campaign import Sum, all_cores, one_core
from ops.simulate.points_command import Points, show_points
from ops.simulate.run import Report, simulate
from ops.simulate.schedule import Planned
from ops.simulate.shrink import shrunk

LAST_LINES: Final = 60
DEFAULT_STEPS: Final = 2_000


@click.command("simulate")
@click.option("--seed", default=0, help="The first seed.")
@click.option("--seeds", default=1, help="How many seeds, until one fails.")
@click.option("--steps", default=DEFAULT_STEPS, help="I/O operations under faults, per seed.")
@click.option("--trace", is_flag=True, help="Print every operation of the seed.")
@click.option("--long", "is_long", is_flag=True, help="Take seeds on all cores for --minutes.")
@click.option("--minutes", default=10.0, envvar="SIMULATE_MINUTES", help="How long with --long.")
@click.option("--shrink/--no-shrink", default=True, help="Look for the fewest faults that fail.")
@click.option(
    "--crash-points",
    type=click.Choice([str(each) for each in Points]),
    help="Strike every I/O boundary in every way instead of drawing faults.",
)
@json_option
@click.pass_context
def simulate_command(  # noqa: PLR0913 - one per option
    ctx: click.Context,
    seed: int,
    seeds: int,
    steps: int,
    minutes: float,
    crash_points: str | None,
    *,
    trace: bool,
    shrink: bool,
    is_long: bool,
    as_json: bool,
) -> None:
    """Run the shipped runtime, job and sinks over a virtual cluster with faults drawn from a seed.

    The same seed and steps give the same run. A broken invariant prints the seed, the fewest faults
    that still break it, and the last operations before.
    """
    if crash_points is not None:
        if not show_points(Points(crash_points), as_json=as_json):
            ctx.exit(DIFFERENCES)
        return
    total = (
        all_cores(seed, steps, minutes) if is_long else one_core(range(seed, seed + seeds), steps)
    )
    shown = _replayed(total.failed[0], steps, shrink=shrink) if total.failed else None
    if shown is None and trace:
        shown = simulate(seed, steps, traced=True)
    if as_json:
        show_json({**total.document(), **({} if shown is None else _document(shown))})
    else:
        _show(total, shown, whole=trace)
    if total.failed:
        ctx.exit(DIFFERENCES)


def _replayed(failed: Report, steps: int, *, shrink: bool) -> Report:
    """Run a failed seed again, if asked with the fewest faults that still fail the same way."""
    if not shrink:
        return simulate(failed.seed, steps, failed.schedule, traced=True)
    kind = _kind(failed.findings[0])

    def fails(schedule: Sequence[Planned]) -> bool:
        found = simulate(failed.seed, steps, schedule).findings
        return bool(found) and _kind(found[0]) == kind

    schedule = shrunk(failed.schedule, fails)
    return simulate(failed.seed, steps, schedule, traced=True)


def _kind(finding: str) -> str:
    """Return what was found without its names and numbers."""
    return "".join(each for each in finding if each.isalpha() or each == " ")[:20]


def _document(report: Report) -> dict[str, object]:
    return {
        "seed": report.seed,
        "digest": report.digest,
        "findings": list(report.findings),
        "schedule": [planned.text for planned in report.schedule],
        "trace": list(report.lines),
    }


def _show(total: Sum, shown: Report | None, *, whole: bool) -> None:
    if shown is not None:
        for line in shown.lines if whole else shown.lines[-LAST_LINES:]:
            click.echo(line)
    faults = [{"fault": name, "times": times} for name, times in sorted(total.faults.items())]
    show_rows(faults, as_json=False, empty="no fault has struck")
    click.echo(total.text)
    if shown is None or not shown.findings:
        click.echo("every invariant holds")
        return
    click.echo(f"seed {shown.seed}: the fewest faults that still fail:")
    for planned in shown.schedule:
        click.echo(f"  {planned.text}")
    for finding in shown.findings:
        click.echo(f"broken: {finding}", err=True)
