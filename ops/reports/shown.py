"""Shown: a report as text, a table for a person, CSV or JSON for a program.

Owns: the three forms. The same report is the same bytes: no clock, no width of a terminal.
Never: changes a figure; money has the decimals of its currency.
"""

from __future__ import annotations

import csv
import json
from io import StringIO
from typing import Final

from rich.console import Console, JustifyMethod
from rich.table import Table

from ops.console import WIDE
from ops.reports.paper import Amount, Cell, Kind, Report, Row, Section

# A spreadsheet runs text that begins so; such text of a customer gets an apostrophe before it.
FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def as_table(report: Report) -> str:
    """Return it for a person."""
    text = StringIO()
    # Names and references are of customers: nothing in them is markup.
    console = Console(file=text, width=WIDE, markup=False, emoji=False, highlight=False)
    console.print(report.title)
    for name, fact in report.facts:
        console.print(f"{name}: {fact}")
    for section in report.sections:
        console.print(_table(section))
    for proof in report.proofs:
        console.print(f"{'holds' if proof.holds else 'FAILS'}: {proof.text}")
    for stand in report.stands:
        console.print(f"stands on {stand.text()}")
    return text.getvalue()


def as_csv(report: Report) -> str:
    """Return lines that each begin with what they are: fact, columns, row, total, proof, stand."""
    text = StringIO()
    lines = csv.writer(text, lineterminator="\n")
    lines.writerow(("report", report.name))
    for fact in report.facts:
        lines.writerow(("fact", *map(_plain, fact)))
    for section in report.sections:
        lines.writerow(("section", _plain(section.title)))
        lines.writerow(("columns", *(each.title for each in section.columns)))
        lines.writerows(("row", *map(_plain, row)) for row in section.rows)
        lines.writerows(("total", *map(_plain, row)) for row in section.totals)
    for proof in report.proofs:
        lines.writerow(("proof", "holds" if proof.holds else "fails", proof.text))
    for each in report.stands:
        where = (each.partition, each.sequence, each.offset, each.chain.hex())
        lines.writerow(("stand", *where))
    return text.getvalue()


def as_json(report: Report) -> str:
    """Return one document; money is minor units with their currency, and decimal text."""
    document = {
        "report": report.name,
        "title": report.title,
        "facts": dict(report.facts),
        "sections": [_document(each) for each in report.sections],
        "proofs": [{"text": each.text, "holds": each.holds} for each in report.proofs],
        "holds": report.holds,
        "stands": [
            {
                "partition": each.partition,
                "sequence": each.sequence,
                "offset": each.offset,
                "chain": each.chain.hex(),
            }
            for each in report.stands
        ],
    }
    return json.dumps(document, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


FORMS: Final = {"table": as_table, "csv": as_csv, "json": as_json}


def _table(section: Section) -> Table:
    table = Table(title=section.title, title_justify="left")
    for column in section.columns:
        side: JustifyMethod = "left" if column.kind is Kind.TEXT else "right"
        table.add_column(column.title, justify=side)
    for row in section.rows:
        table.add_row(*map(_seen, row))
    if section.totals:
        table.add_section()
    for row in section.totals:
        table.add_row(*map(_seen, row))
    return table


def _seen(cell: Cell) -> str:
    if cell is None:
        return ""
    return cell.shown() if isinstance(cell, Amount) else str(cell)


def _plain(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, Amount):
        return cell.plain()
    if isinstance(cell, str) and cell.startswith(FORMULA):
        return f"'{cell}"
    return str(cell)


def _document(section: Section) -> dict[str, object]:
    return {
        "title": section.title,
        "columns": [each.title for each in section.columns],
        "rows": [_values(each) for each in section.rows],
        "totals": [_values(each) for each in section.totals],
    }


def _values(row: Row) -> list[object]:
    return [
        {"minor": cell.minor, "currency": cell.currency, "amount": cell.plain()}
        if isinstance(cell, Amount)
        else cell
        for cell in row
    ]
