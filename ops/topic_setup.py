"""Topics made ready for a demo, a bench or a test, on a cluster of their own.

Owns: the short way from an empty cluster to the catalogue's topics.
Never: used on a cluster that somebody else owns; `ledgerctl topics plan|apply` shows its plan
first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from schemas.access.kafka import Servers
from topics.execute import apply, describe
from topics.plan import CreateTopic, plan

if TYPE_CHECKING:
    from collections.abc import Sequence


def prepare(bootstrap: Servers, partitions: int) -> None:
    """Create what the catalogue lists and the cluster lacks."""
    apply(bootstrap, plan(describe(bootstrap), partitions).actions)


def create_plain(bootstrap: Servers, names: Sequence[str], partitions: int) -> None:
    """Create topics that are not the ledger's, for the plain loop of a bench."""
    apply(bootstrap, [CreateTopic(name, partitions, 1, {}) for name in names])
