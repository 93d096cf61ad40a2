"""The engine of one partition: recover, decide, commit, store; or halt, or end the process.

Owns: the life of one assignment of one partition, and the public face to the host,
`PartitionRunner`.
Never: starts a thread, waits by itself, or reaches broker, store and clock other than through
`ports.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from streams.runtime.ports import HandOver


class Runner(Protocol):
    """The face of `PartitionRunner`; one object per assignment of a partition.

    The host makes one with `assembly.runner(job, partition, settings, host)` and drives it like
    this:

    - thread of its own per partition: `runner.begin(epoch, generation)`. Fences, recovers, calls
      `host.ready(partition, ticket, positions)`, then works until revoked, and returns with the
      store closed. Raises `UnsureError` (or anything unforeseen): then the process must end at
      once. A broker that is away is waited for inside; a halted partition stays inside too, waiting
      for its release.
    - fetching thread: `has_room(topic)` before fetching for that topic, then `offer(hand_over)`.
      Neither blocks. Offer every hand-over in the order fetched, also one without records whose
      position moved. A hand-over larger than a group is fine. Before the first `ready` there is no
      room.
    - rebalance or stop: `revoke(deadline_s)` from any other thread. Finishes the transaction under
      way or drops the undecided group, closes the store, True when `begin` is through; False = not
      in time, and the process must end. `request_revoke()` is the part that does not wait; call it
      for all partitions first.
    - `status()`: any thread, any time; plain values only.
    """

    def begin(self, epoch: int, generation: int) -> None:
        """Own the partition until revoked."""
        ...

    def has_room(self, topic: str) -> bool:
        """Say whether a hand-over of this topic may be offered now."""
        ...

    def offer(self, hand_over: HandOver) -> None:
        """Queue a hand-over."""
        ...

    def request_revoke(self) -> None:
        """Ask `begin` to come to an end."""
        ...

    def revoke(self, deadline_s: float) -> bool:
        """Ask, and wait at most `deadline_s` seconds."""
        ...

    def status(self) -> Mapping[str, object]:
        """Say how the partition is: state, positions, counters, times by stop, halt."""
        ...
