"""Tiles: the whole ledger in a few figures, each leading to its page.

Owns: the figures. Each is told alone: one that cannot be told says so.
Never: counts anything that its page does not show.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from ops.web.board import Board
from ops.web.keeper import Away
from ops.web.panels.invariants import NO, UNKNOWN, said
from ops.web.shown import Column, Content, Panel
from ops.web.source import HOLDS_MAX
from streams.reconciliation.external.exceptions.workflow import ENDED

Tile = tuple[str, str]  # its figure, and good, bad or plain
SILENT: Final = ("?", "bad")


def tiles(board: Board, about: str) -> Content:  # noqa: ARG001 - every panel's question
    """Return a row for each tile."""
    rows = []
    for name, (page, ask) in FIGURES.items():
        found = ""
        try:
            value, tone = ask(board)
        except Away as trouble:
            (value, tone), found = SILENT, str(trouble)
        rows.append({"name": name, "page": page, "value": value, "tone": tone, "trouble": found})
    return Content(rows)


def throughput(board: Board) -> Tile:
    """Return Decisions a second, of all partitions."""
    board.log.known()
    rates = board.ring.rates()
    return (f"{sum(rates.values()):,.1f}" if rates else "-"), "plain"


def decided(board: Board) -> Tile:
    """Return how many Decisions there are."""
    return f"{sum(board.log.known().sequences.values()):,}", "plain"


def behind(board: Board) -> Tile:
    """Return the largest lag of a store in a partition."""
    lags = board.lags(board.log.known())
    for each in lags.values():
        if isinstance(each, str):
            raise Away(each)
    worst = max(
        (max(each.values(), default=0) for each in lags.values() if not isinstance(each, str)),
        default=0,
    )
    return f"{worst:,}", "plain"


def travelling(board: Board) -> Tile:
    """Return how many transfers are on their way."""
    return f"{len(board.log.known().travelling):,}", "plain"


def holds(board: Board) -> Tile:
    """Return how many holds are open, as far as its page goes."""
    count = len(board.holds.known())
    return f"{count:,}{' or more' if count >= HOLDS_MAX else ''}", "plain"


def breaks(board: Board) -> Tile:
    """Return how many breaks are open."""
    cases = board.recon.known().found.cases.by_id.values()
    still = sum(each.state not in ENDED for each in cases)
    return f"{still:,}", "bad" if still else "good"


def letters(board: Board) -> Tile:
    """Return how many dead letters wait for somebody."""
    waiting = sum(not each["done"] for each in board.letters.known())
    return f"{waiting:,}", "plain"


def invariants(board: Board) -> Tile:
    """Return how many invariants hold."""
    verdicts = [holds for _, holds, _ in said(board)]
    known = [each for each in verdicts if each != UNKNOWN]
    good = sum(each != NO for each in known)
    tone = "bad" if good < len(known) else "good" if len(known) == len(verdicts) else "plain"
    return f"{good} of {len(verdicts)}", tone


FIGURES: Final[dict[str, tuple[str, Callable[[Board], Tile]]]] = {
    "Decisions a second": ("decisions", throughput),
    "Decisions": ("decisions", decided),
    "A store is behind by": ("overview", behind),
    "In flight": ("transfers", travelling),
    "Open holds": ("holds", holds),
    "Open breaks": ("breaks", breaks),
    "Dead letters to see": ("letters", letters),
    "Invariants hold": ("invariants", invariants),
}
TILES: Final = Panel(
    "tiles",
    "At a glance",
    (Column("name"), Column("value", "number"), Column("page", "page")),
    tiles,
    "",
    form="tiles",
)
