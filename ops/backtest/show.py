"""Show: a back-test as tables for a person or as a document for a program.

Owns: titles, columns and their order.
Never: counts.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from ops.backtest.run import BackTest
from ops.backtest.tally import Line, Tally
from ops.console import money_text
from schemas.messages.vocabulary import RiskAction

COUNTS: Final = (
    "fired",
    "block",
    "review",
    "step\nup",
    "both",
    "only\nlive",
    "only\ncand.",
)
NOTE: Final = (
    "Sets: both, only live and only cand(idate) count what was stopped; at stake is its\n"
    "money. Rules: they count where the rule fired; block, review and step up is what the whole\n"
    "candidate set did there. Precision is about the labelled ones among it, recall about every\n"
    "labelled fraud that the rules were asked about."
)


def document_of(done: BackTest, report: Tally, names: Mapping[str, str], labels: int) -> Any:  # noqa: ANN401 - JSON
    """Return everything for programs."""
    labelled = labels > 0
    return {
        **names,
        "proved": done.proved,
        "without_bytes": done.dropped,
        "differences": done.differences,
        "decisions": done.decisions,
        "asked": report.asked,
        "labels": labels,
        "labels_used": report.labels_used,
        "live": report.live.document(labels=labelled),
        "candidate": report.candidate.document(labels=labelled),
        "rules": [
            {"rule_id": name[0], "feature": name[1], **line.document(labels=labelled)}
            for name, line in report.rules.items()
        ],
    }


def show_report(report: Tally, *, labelled: bool) -> None:
    """Print two tables: the sets as wholes, and rule by rule."""
    console = Console()
    sets = _table("set", labelled=labelled)
    _row(sets, "in force", report.live, labelled=labelled)
    _row(sets, "candidate", report.candidate, labelled=labelled)
    console.print(sets, "")
    rules = _table("rule", labelled=labelled)
    for (rule_id, feature), line in report.rules.items():
        if line.both or line.only_live or line.only_candidate:
            _row(rules, f"{rule_id} {feature}", line, labelled=labelled)
    if rules.row_count:
        console.print(rules, "")
    silent = len(report.rules) - rules.row_count
    if silent:
        console.print(f"{silent} rules fired in neither set")
    console.print(NOTE, highlight=False, style="dim")


def _table(first: str, *, labelled: bool) -> Table:
    table = Table(box=SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=0)
    table.add_column(first, overflow="fold")
    for name in COUNTS:
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("at stake", justify="right", no_wrap=True)
    if labelled:
        table.add_column("prec-\nision", justify="right", no_wrap=True)
        table.add_column("recall", justify="right", no_wrap=True)
    return table


def _row(table: Table, name: str, line: Line, *, labelled: bool) -> None:
    stake = "\n".join(money_text(minor, code) for code, minor in sorted(line.stake.items()))
    actions = (RiskAction.BLOCK, RiskAction.REVIEW, RiskAction.STEP_UP)
    counts = (line.fired, *(line.actions[each] for each in actions))
    overlap = (line.both, line.only_live, line.only_candidate)
    cells = [name, *(f"{each:,}" for each in (*counts, *overlap)), stake or "-"]
    if labelled:
        cells += [_part(line.precision), _part(line.recall)]
    table.add_row(*cells)


def _part(part: float | None) -> str:
    return "-" if part is None else f"{part:.1%}"
