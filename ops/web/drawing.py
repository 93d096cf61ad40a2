"""Drawing: pages and panels as HTML.

Owns: the templates' surroundings: what escapes, how a time, a figure and a mark are written.
Never: writes markup of its own; every value is escaped by the templates.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, final
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from ops.web.panels import OVERVIEW, PAGES, WALLET, Page
from ops.web.shown import Shown, tone_of

TEMPLATES: Final = Path(__file__).with_name("templates")
CLOCK: Final = slice(11, 23)  # of an instant as text: the time of day, to the millisecond
DAY: Final = slice(0, 10)


@final
class Drawing:
    """Templates, read once."""

    def __init__(self) -> None:
        self._templates: Final = Environment(
            loader=FileSystemLoader(TEMPLATES),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.filters.update(figure=figure, tone=tone_of, day=day, clock=clock)
        self._templates.globals.update(address=address, panel_address=panel_address)

    def page(self, page: Page, shown: Sequence[Shown], about: str) -> str:
        """Return a whole page."""
        return self._templates.get_template("page.html").render(
            page=page,
            pages=PAGES,
            shown=shown,
            about=about,
            is_overview=page is OVERVIEW,
            is_wallet=page is WALLET,
        )

    def panel(self, shown: Shown) -> str:
        """Return what is inside a panel."""
        return self._templates.get_template("panel.html").render(each=shown)


def address(page: str, about: str = "") -> str:
    """Return where a page is."""
    path = "/" if page == OVERVIEW.name else f"/{page}"
    return f"{path}?id={quote(about, safe='')}" if about else path


def panel_address(panel: str, about: str = "") -> str:
    """Return where a panel is asked for again."""
    return address(f"panels/{panel}", about)


def figure(value: Any) -> str:  # noqa: ANN401 - whatever a row has
    """Return a number with its thousands apart; anything else as it is."""
    if isinstance(value, float):
        return f"{value:,.1f}"
    return f"{value:,}" if isinstance(value, int) else str(value)


def day(value: str) -> str:
    """Return the date of an instant."""
    return value[DAY]


def clock(value: str) -> str:
    """Return the time of day of an instant, in UTC."""
    return value[CLOCK]
