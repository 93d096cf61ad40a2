"""How the composition root gives the host its partitions.

Owns: the Protocol of that factory. What a runner is, `partition.Runner` says; what it may ask,
`ports.Host`.
Never: makes one.
"""

from __future__ import annotations

from typing import Protocol

from streams.runtime.partition import Runner
from streams.runtime.ports import Host


class MakeRunner(Protocol):
    """Make the runner of one assignment of a partition number."""

    def __call__(self, partition: int, host: Host) -> Runner:
        """Make it; nothing is opened before `begin`."""
        ...
