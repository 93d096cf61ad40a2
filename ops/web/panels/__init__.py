"""Panels: every table of the console, and which page has which of them.

Owns: the list of panels and pages.
Never: knows how a page is drawn.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from ops.web.panels.flow import FLOW
from ops.web.panels.invariants import INVARIANTS
from ops.web.panels.letters import LETTERS
from ops.web.panels.log import DECISIONS, TRAVELLING, WALLETS
from ops.web.panels.reconciled import BREAKS, CUTS
from ops.web.panels.stores import HOLDS
from ops.web.panels.tiles import TILES
from ops.web.panels.wallet import OF_WALLET
from ops.web.panels.workers import WORKERS
from ops.web.shown import Panel


@dataclass(frozen=True, slots=True)
class Page:
    """A page: its name in an address, what stands above it, and its panels."""

    name: str
    title: str
    panels: tuple[Panel, ...]


OVERVIEW: Final = Page("overview", "Overview", (TILES, FLOW))
WALLET: Final = Page("wallet", "Wallet", OF_WALLET)
# In the order of the navigation.
PAGES: Final = (
    OVERVIEW,
    Page("decisions", "Decisions", (DECISIONS,)),
    Page("wallets", "Wallets", (WALLETS,)),
    Page("holds", "Holds", (HOLDS,)),
    Page("transfers", "In flight", (TRAVELLING, CUTS)),
    Page("breaks", "Breaks", (BREAKS,)),
    Page("letters", "Dead letters", (LETTERS,)),
    Page("invariants", "Invariants", (INVARIANTS, WORKERS)),
)
PANELS: Final = {panel.name: panel for page in (*PAGES, WALLET) for panel in page.panels}
