"""A page that explains itself without another file.

Owns: its frame and style, tables and bars.
Never: knows what it shows.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

STYLE: Final = """
body { font: 15px/1.5 system-ui, sans-serif; max-width: 60em; margin: 2em auto; color: #222 }
table { border-collapse: collapse; margin: 1em 0 } td, th { padding: .2em 1em; text-align: left }
tr:nth-child(even) { background: #f4f4f4 } td.n { text-align: right }
.bar { background: #3b6ea5; height: 1em; display: inline-block } td.bars { width: 24em }
.good { color: #0a6b2d } .bad { color: #b00020 } code { background: #f4f4f4 }
"""


def page(title: str, body: str) -> str:
    """Return the page around a body that is HTML already."""
    return f"""<!doctype html>
<html lang="en"><meta charset="utf-8"><title>{escape(title)}</title>
<style>{STYLE}</style>
{body}</html>
"""


def table(titles: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return rows as an HTML table, numbers to the right."""
    head = "".join(f"<th>{escape(title)}</th>" for title in titles)
    body = "".join(f"<tr>{''.join(map(_cell, row))}</tr>\n" for row in rows)
    return f"<table><tr>{head}</tr>\n{body}</table>"


def _cell(value: object) -> str:
    if isinstance(value, int | float):
        return f'<td class="n">{value:,}</td>'
    return f"<td>{escape(str(value))}</td>"


def bars(titles: tuple[str, str], values: Mapping[str, float]) -> str:
    """Return values as bars beside their names, the longest as wide as the column."""
    widest = max(values.values(), default=0.0) or 1.0
    rows = "".join(
        f"<tr><td>{escape(name)}</td>{_cell(value)}"
        f'<td class="bars"><span class="bar" style="width:{100 * value / widest:.1f}%"></span></td>'
        "</tr>\n"
        for name, value in values.items()
    )
    head = "".join(f"<th>{escape(title)}</th>" for title in titles)
    return f"<table><tr>{head}<th></th></tr>\n{rows}</table>"
