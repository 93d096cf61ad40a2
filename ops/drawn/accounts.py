"""Accounts, drawn: the chart and the posting catalogue as tables.

Owns: the text of `docs/accounts.md`.
Never: knows an account or a flow that the core does not have.
"""

from __future__ import annotations

from collections.abc import Iterator

from ledger.catalogue import CREDIT, DEBIT, FLOWS, Line
from ledger.chart import CHART

INTRODUCTION = """\
# Accounts and postings

Made from `ledger/chart.py` and `ledger/catalogue.py` by `make pages`; `make check` compares.

## Chart of accounts

A asset, L liability, E equity, R revenue, X expense, C clearing (either side, zero at rest).
Debit is positive.

| code | nature | owner | never debit | purpose |
|---|---|---|---|---|
"""
FLOWS_HEAD = """
## Posting catalogue

Card top-ups (F1.1), transfers (F4, F5) and holds (F7) are the hot path: `ledger/journal.py`.

| flow | debit | credit |
|---|---|---|
"""


def accounts_page() -> str:
    """Return the page."""
    return "".join((INTRODUCTION, *_chart(), FLOWS_HEAD, *_flows()))


def _chart() -> Iterator[str]:
    for each in CHART.values():
        guarded = "yes" if each.never_debit else ""
        yield (
            f"| {each.code} | {each.nature.value} | {each.owner.value} | {guarded} "
            f"| {each.purpose} |\n"
        )


def _flows() -> Iterator[str]:
    for flow, lines in FLOWS.items():
        yield f"| {flow} | {_side(lines, DEBIT)} | {_side(lines, CREDIT)} |\n"


def _side(lines: tuple[Line, ...], side: int) -> str:
    return ", ".join(_text(line) for line in lines if line.side == side)


def _text(line: Line) -> str:
    address = f"{line.account}:{line.owner}" if line.owner else line.account
    return f"{address} {line.amount}{' other' if line.in_other else ''}"
