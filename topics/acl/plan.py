"""Plan: what the access lists of a cluster lack, and what they allow too much.

Owns: the comparison of wanted and found entries, as values.
Never: talks to a broker, or judges what is not the ledger's: other topics, other groups, and what
others may do to the cluster itself.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from topics.acl.entry import Entry
from topics.acl.table import PROCESSES
from topics.catalog import TOPICS
from topics.errors import UnknownProcessError


@dataclass(frozen=True, slots=True)
class AclPlan:
    """What to add and what to take away, each in order."""

    missing: tuple[Entry, ...]
    excess: tuple[Entry, ...]

    def lines(self) -> list[str]:
        """Return the plan in words."""
        added = [f"allow: {entry.text()}" for entry in self.missing]
        return [*added, *(f"remove: {entry.text()}" for entry in self.excess)]


def wanted(env: str, principals: Mapping[str, str]) -> frozenset[Entry]:
    """Return every entry that is needed. `principals`: process -> who it is, where that differs."""
    if strangers := principals.keys() - PROCESSES.keys():
        raise UnknownProcessError(min(strangers), sorted(PROCESSES))
    return frozenset(
        entry
        for name, process in PROCESSES.items()
        for entry in process.entries(principals.get(name, f"User:ledger-{name}"), env)
    )


def compare(
    found: Collection[Entry], needed: frozenset[Entry], kept: Collection[str] = ()
) -> AclPlan:
    """Compare; principals in `kept` are left alone."""
    ours = {entry.principal for entry in needed}
    places = {entry for entry in needed if entry.kind != "cluster"}
    places |= {Entry("", "", "topic", topic.name) for topic in TOPICS}
    excess = {
        entry
        for entry in found
        if entry not in needed
        and entry.principal not in kept
        and (entry.principal in ours or any(entry.touches(place) for place in places))
    }
    return AclPlan(tuple(sorted(needed - set(found))), tuple(sorted(excess)))
