"""`bench all`: every bench in turn, each in a process of its own, and one page that shows them.

Theory: figures of different benches share a machine but not a moment, so the page compares only
inside one bench: profiles, loads, partitions, wallets, stores, parts of a command.

Owns: which benches, with what options, and the page.
Never: measures.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from html import escape
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from ops.page import bars, page, table

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

PURE: Final = {"LEDGER_PURE": "1"}
MIXED: Final = ("pipeline", "--profile", "mixed")
PROFILES: Final = ("transfers", "mixed", "hot", "zipf")
PARTITIONS: Final = (1, 4, 16, 64)
RATES: Final = (500, 1_000, 2_000, 4_000)

Figures = dict[str, Any]


class Step(NamedTuple):
    """One bench of the survey."""

    name: str
    arguments: tuple[str, ...]
    group: tuple[str, ...] = ()  # options of the group, before the command
    env: dict[str, str] = {}  # noqa: RUF012 - a tuple's default, never changed


STEPS: Final = (
    Step("core", ("core",)),
    Step("core, pure", ("core", "--commands", "20000"), env=PURE),
    Step("codec", ("codec",)),
    Step("step", ("step",)),
    Step("limit", ("limit",)),
    Step("commit", ("commit",)),
    *(Step(f"pipeline {each}", ("pipeline", "--profile", each)) for each in PROFILES),
    Step("pipeline, pure", MIXED, env=PURE),
    Step("pipeline, every message flushed", MIXED, ("--flush", "every-message")),
    *(Step(f"{each} partitions", (*MIXED, "--partitions", str(each))) for each in PARTITIONS),
    *(Step(f"latency at {each:,}/s", ("latency", "--rate", str(each))) for each in RATES),
    Step("hot-wallet", ("hot-wallet",)),
    Step("recovery", ("recovery",)),
    Step("sinks", ("sinks",)),
    Step("memory", ("memory",)),
    Step("rebuild", ("rebuild",)),
    Step("verify", ("verify",)),
)


def survey(steps: Sequence[Step], tell: Callable[[str], None]) -> dict[str, Figures]:
    """Run the benches one after the other; return the figures of each by its name."""
    found: dict[str, Figures] = {}
    for step in steps:
        tell(step.name)
        command = (sys.executable, "-m", "ops.cli", "bench", *step.group, *step.arguments, "--json")
        done = subprocess.run(
            command, stdout=subprocess.PIPE, text=True, check=True, env={**os.environ, **step.env}
        )
        found[step.name] = json.loads(done.stdout.splitlines()[-1])
    return found


def page_of(found: Mapping[str, Figures]) -> str:
    """Return the page of a survey."""
    first = next(iter(found.values()))
    charts = "".join(f"<h2>{escape(title)}</h2>{chart}" for title, chart in _charts(found).items())
    every = "".join(
        f"<h3>{escape(name)}</h3>{table(('figure', ''), _flat(figures))}"
        for name, figures in found.items()
    )
    body = f"""<h1>Figures of the ledger</h1>
<p>{escape(first["machine"])}; {escape(first["versions"])}. Servers, workers and load generator
share the machine. Compare inside a chart only.</p>
{charts}<h2>Everything measured</h2>{every}"""
    return page("Figures of the ledger", body)


def _charts(found: Mapping[str, Figures]) -> dict[str, str]:
    """Return what is drawn: title -> chart."""
    runs = {name: each for name, each in found.items() if "decisions_per_s" in each}
    piped = {name: each for name, each in runs.items() if "ratio_bytes" in each}
    paced = {name: each for name, each in found.items() if "ratio_p99" in each}
    charts = {
        "Throughput": bars(("", "Decisions/s"), _column(piped, "decisions_per_s")),
        "Throughput as a share of the plain loop's": bars(("", "ratio"), _column(piped, "ratio")),
        "p99 from due to answered": bars(("", "ms"), _column(paced, "p99_ms")),
        "p99 of the plain loop at the same rates": bars(("", "ms"), _column(paced, "plain_p99_ms")),
    }
    for name in ("pipeline mixed", "step"):
        parts = found.get(name, {})
        split = parts.get("cpu_by_stop") or parts.get("us_per_decision_by_part")
        if split:
            charts[f"CPU by stop, {name}"] = bars(("", "share or µs"), split)
    if "memory" in found:
        sizes = found["memory"]["by_wallets"]
        charts["A command by number of wallets"] = bars(
            ("", "µs"), _column(sizes, "us_per_command")
        )
        charts["Memory by number of wallets"] = bars(("", "MiB"), _column(sizes, "rss_max_mb"))
    if "sinks" in found:
        stores = {name: each for name, each in found["sinks"].items() if isinstance(each, dict)}
        charts["Sinks"] = bars(("", "Decisions/s"), _column(stores, "decisions_per_s"))
        charts["Sinks as a share of plain writes"] = bars(("", "ratio"), _column(stores, "ratio"))
    return charts


def _column(found: Mapping[str, Figures], key: str) -> dict[str, float]:
    return {name: each[key] for name, each in found.items()}


def _flat(figures: Figures, before: str = "") -> list[tuple[str, object]]:
    rows: list[tuple[str, object]] = []
    for name, value in figures.items():
        if isinstance(value, dict):
            rows += _flat(value, f"{before}{name}, ")
        else:
            rows.append((before + name, value))
    return rows
