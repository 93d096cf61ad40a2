"""Shown: what a panel is, and what it shows at one time.

Owns: the kinds of columns, and the form that a page and a program are given alike.
Never: asks anybody.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Literal

if TYPE_CHECKING:
    from ops.web.board import Board

# number and amount are set to the right; a wallet leads to its page; a mark has a colour.
Kind = Literal["text", "number", "amount", "time", "wallet", "mark", "id", "page"]
Row = Mapping[str, Any]

# What a mark says, by its first word. Words say it too: colour alone would not reach everybody.
GOOD: Final = frozenset({"ACCEPTED", "running", "yes", "ACTIVE", "EQUAL"})
BAD: Final = frozenset({"halted", "NO", "CRITICAL", "gone", "away", "FROZEN", "CLOSED"})


@dataclass(frozen=True, slots=True)
class Column:
    """A column: the name of its field in a row, which is also what is above it."""

    name: str
    kind: Kind = "text"
    title: str = ""

    @property
    def head(self) -> str:
        """Return what is above it."""
        return self.title or self.name


@dataclass(frozen=True, slots=True)
class Content:
    """Rows, and what is to be known beside them."""

    rows: Sequence[Row]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Panel:
    """One table of a page. `ask` raises `Away` when what it shows is away.

    `about` is a wallet's id where the panel is about one wallet, else empty.
    """

    name: str
    title: str
    columns: tuple[Column, ...]
    ask: Callable[[Board, str], Content]
    empty: str
    every_s: int = 2  # how often a page asks for it
    form: Literal["cards", "dense", "tiles"] = "cards"  # on a narrow window


@dataclass(frozen=True, slots=True)
class Shown:
    """A panel with what is known now, or the trouble instead."""

    panel: Panel
    content: Content = field(default_factory=lambda: Content(()))
    trouble: str = ""

    def document(self) -> dict[str, Any]:
        """Return it for a program."""
        return {
            "title": self.panel.title,
            "trouble": self.trouble,
            "note": self.content.note,
            "rows": [dict(row) for row in self.content.rows],
        }


def tone_of(mark: object) -> str:
    """Return the colour of a mark: good, bad or plain."""
    word = str(mark).partition(" ")[0]
    if word in BAD:
        return "bad"
    return "good" if word in GOOD else "plain"
