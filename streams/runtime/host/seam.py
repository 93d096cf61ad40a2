"""The seam to the partition engine, as the host drives it.

Owns: the Protocol of a runner, and of the factory the composition root hands in. What a runner may
ask of the host, `ports.Host` says.
Never: implements a runner. `streams/runtime/partition.py` does, and the tests' tiny ones.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from streams.runtime.ports import HandOver, Host


class Runner(Protocol):
    """The engine of one partition, for one assignment."""

    def begin(self, epoch: int, generation: int) -> None:
        """Own the partition until revoked. Runs in the partition's own thread."""
        ...

    def has_room(self, topic: str) -> bool:
        """Say whether a hand-over of this topic may be offered now. From any thread."""
        ...

    def offer(self, hand_over: HandOver) -> None:
        """Queue a hand-over. From any thread; never blocks."""
        ...

    def request_revoke(self) -> None:
        """Ask `begin` to come to an end. From any thread; does not wait."""
        ...

    def revoke(self, deadline_s: float) -> bool:
        """Ask, and wait at most `deadline_s` seconds; False: the process must end."""
        ...

    def status(self) -> Mapping[str, object]:
        """Say how the partition is, in plain values; `state` is one of them. From any thread."""
        ...


class MakeRunner(Protocol):
    """Make the runner of one assignment of a partition number."""

    def __call__(self, partition: int, host: Host) -> Runner:
        """Make it; nothing is opened before `begin`."""
        ...
