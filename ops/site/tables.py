"""Tables of Markdown, for pages made of documents.

Owns: how a cell is written.
Never: knows what it shows.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """Return the lines of a table with an empty line after it, or none where it has no row."""
    lines = [_row(row) for row in rows]
    return [_row(head), _row(["---"] * len(head)), *lines, ""] if lines else []


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(" ".join(cell.split()).replace("|", "\\|") for cell in cells) + " |"
