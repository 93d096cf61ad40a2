"""Pictures: columns, lines and shares as inline SVG, which needs no other file and no script.

Owns: scales, axes, colours.
Never: knows what it shows; every figure in a picture stands in a table too.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Final, NamedTuple

WIDTH: Final = 760
LEFT: Final = 44  # room for the numbers of the axis
GRID: Final = "#e3e6ea"
TEXT: Final = "#4a5561"
NEW: Final = "#c2603a"
ENDED: Final = "#4f8f6b"
LINE: Final = "#24476b"
LABELS_MAX: Final = 10
# From young to old.
AGES: Final = ("#9fc3e0", "#78a9cf", "#5790bd", "#e0b15a", "#d98b45", "#c96442", "#a63d32")
SHARES: Final = ("#24476b", "#3b6ea5", "#5790bd", "#78a9cf", "#9fc3e0", "#4f8f6b", "#8db89e")
REST: Final = "#d5d9de"
MINIMUM_LABEL: Final = 48  # pixels that a figure inside a piece needs


class Turn(NamedTuple):
    """What came, what went and what was left of one day."""

    name: str
    came: int
    went: int
    left: int


class Piece(NamedTuple):
    """One part of a whole."""

    name: str
    value: int
    colour: str


def svg(height: int, label: str, parts: Sequence[str]) -> str:
    """Return a picture that says what it is to who cannot see it."""
    return (
        f'<svg viewBox="0 0 {WIDTH} {height}" width="100%" role="img" '
        f'aria-label="{escape(label)}" font-family="system-ui, sans-serif" font-size="12">'
        f"{''.join(parts)}</svg>"
    )


def turns(days: Sequence[Turn]) -> str:
    """Return columns up for what came and down for what went, and a line for what was left."""
    lines = ticks(max([1, *(max(each.came, each.left) for each in days)]))
    above = 170.0
    unit = (above - 24) / lines[-1]
    # What went is drawn in the same measure, as far as there is room.
    low = max([0, *(each.went for each in days)])
    beneath = min(80.0, low * unit)
    height = int(above + beneath + 46)
    step = (WIDTH - LEFT - 8) / max(1, len(days))
    parts = [_rule(above - number * unit, str(number)) for number in lines]
    every = -(-len(days) // LABELS_MAX)
    points: list[str] = []
    for place, day in enumerate(days):
        x, wide = LEFT + place * step, min(26.0, step * 0.55)
        middle = x + step / 2
        parts.append(_bar((middle - wide / 2, above - day.came * unit), wide, day.came * unit, NEW))
        down = beneath * day.went / low if low else 0.0
        parts.append(_bar((middle - wide / 2, above), wide, down, ENDED))
        parts += _figures(middle, above, day, (day.came * unit, down))
        if place % every == 0:
            parts.append(_text(middle, above + beneath + 32, day.name, "middle"))
        points.append(f"{middle:.1f},{above - day.left * unit:.1f}")
    parts.append(
        f'<polyline points="{" ".join(points)}" fill="none" stroke="{LINE}" stroke-width="2"/>'
    )
    parts += [_dot(each) for each in points]
    return svg(height, "new, ended and open exceptions by day", parts)


def columns(names: Sequence[str], values: Sequence[int], colours: Sequence[str]) -> str:
    """Return one column for each value, with its figure above."""
    lines = ticks(max([1, *values]))
    above = 170
    unit = (above - 24) / lines[-1]
    step = (WIDTH - LEFT - 8) / max(1, len(names))
    parts = [_rule(above - number * unit, str(number)) for number in lines]
    for place, (name, value) in enumerate(zip(names, values, strict=True)):
        middle = LEFT + place * step + step / 2
        wide = min(64.0, step * 0.6)
        colour = colours[place % len(colours)]
        parts.append(_bar((middle - wide / 2, above - value * unit), wide, value * unit, colour))
        parts.append(_text(middle, above - value * unit - 6, str(value), "middle"))
        parts.append(_text(middle, above + 20, name, "middle"))
    return svg(above + 30, "open exceptions by age in days", parts)


def shares(rows: Sequence[tuple[str, Sequence[Piece]]]) -> str:
    """Return one bar a row, each as wide as the others: its pieces are parts of its own whole."""
    label, high, step = 150, 24, 40
    parts: list[str] = []
    for place, (name, pieces) in enumerate(rows):
        y = place * step + 8
        parts.append(_text(label - 10, y + 16, name, "end"))
        whole = sum(each.value for each in pieces) or 1
        x = float(label)
        for each in pieces:
            wide = (WIDTH - label - 8) * each.value / whole
            parts.append(_bar((x, y), wide, high, each.colour, each.name))
            if wide >= MINIMUM_LABEL:
                percent = f"{each.value * 10_000 // whole / 100:.2f} %"
                colour = TEXT if each.colour in {REST, SHARES[4], SHARES[6]} else "#fff"
                parts.append(_text(x + wide / 2, y + 16, percent, "middle", colour))
            x += wide
    return svg(len(rows) * step + 8, "what was matched, by pass", parts)


def legend(pieces: Sequence[tuple[str, str]]) -> str:
    """Return names beside their colours."""
    return (
        '<p class="legend">'
        + "".join(
            f'<span><i style="background:{colour}"></i>{escape(name)}</span>'
            for name, colour in pieces
        )
        + "</p>"
    )


def nice(value: int) -> int:
    """Return the next number from 1, 2 or 5 times a power of ten."""
    power = 1
    while True:
        for digit in (1, 2, 5):
            if digit * power >= value:
                return digit * power
        power *= 10


def ticks(highest: int) -> list[int]:
    """Return where the axis has its lines: round numbers, at most six, the last on top."""
    top = max(1, highest)
    step = nice(-(-top // 5))
    return list(range(0, top + step, step))


def _figures(middle: float, above: float, day: Turn, lengths: tuple[float, float]) -> list[str]:
    said: list[str] = []
    if day.came:
        said.append(_text(middle, above - lengths[0] - 4, f"+{day.came}", "middle", NEW))
    if day.went:
        said.append(_text(middle, above + lengths[1] + 13, f"-{day.went}", "middle", ENDED))
    return said


def _rule(y: float, number: str) -> str:
    return (
        f'<line x1="{LEFT}" x2="{WIDTH - 8}" y1="{y:.1f}" y2="{y:.1f}" stroke="{GRID}"/>'
        f"{_text(LEFT - 8, y + 4, number, 'end')}"
    )


def _bar(corner: tuple[float, float], wide: float, high: float, colour: str, name: str = "") -> str:
    if wide <= 0 or high <= 0:
        return ""
    title = f"<title>{escape(name)}</title>" if name else ""
    return (
        f'<rect x="{corner[0]:.1f}" y="{corner[1]:.1f}" width="{wide:.1f}" height="{high:.1f}" '
        f'fill="{colour}">{title}</rect>'
    )


def _text(x: float, y: float, text: str, anchor: str, colour: str = TEXT) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{colour}">'
        f"{escape(text)}</text>"
    )


def _dot(point: str) -> str:
    x, y = point.split(",")
    return f'<circle cx="{x}" cy="{y}" r="3" fill="{LINE}"/>'
