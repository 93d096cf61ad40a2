"""Entry: one line of a broker's access lists, as a value.

Owns: its fields, in Kafka's words, and the text of it.
Never: knows who needs what.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

CLUSTER: Final = "kafka-cluster"  # Kafka's only name for a cluster
EVERYTHING: Final = "*"


@dataclass(frozen=True, slots=True, order=True)
class Entry:
    """A principal and an operation on a resource; `prefixed`: on all whose names begin so."""

    principal: str
    operation: str
    kind: str  # topic, group, transactional_id, cluster
    name: str
    prefixed: bool = False
    host: str = EVERYTHING
    denied: bool = False

    def text(self) -> str:
        """Return the entry in words."""
        verb = "must not" if self.denied else "may"
        begins = "*" if self.prefixed else ""
        at = "" if self.host == EVERYTHING else f" from {self.host}"
        return f"{self.principal} {verb} {self.operation} {self.kind} {self.name}{begins}{at}"

    def covers(self, kind: str, name: str) -> bool:
        """Tell whether a resource of that name falls under it."""
        if self.kind != kind:
            return False
        return name.startswith(self.name) if self.prefixed else self.name in {name, EVERYTHING}

    def touches(self, other: Entry) -> bool:
        """Tell whether there may be a resource that falls under both."""
        if self.kind != other.kind:
            return False
        below = other.prefixed and self.name.startswith(other.name)
        return below or self.covers(other.kind, other.name)
