"""Routes: to which partition of recon.facts.v1 a fact goes, so that what belongs together meets.

Owns: key and partition of each kind of fact.
Never: the content of one.
"""

from __future__ import annotations

from typing import Final

from schemas.messages.recon import Checkpoint, FactBody, PairPoint

SPREAD: Final = 31  # prime, so that the pairs of one partition do not all meet in the same place


def route(partition: int, body: FactBody, partitions: int) -> tuple[int, bytes]:
    """Return partition and key of a fact that a ledger partition says."""
    if isinstance(body, Checkpoint):
        return body.k % partitions, b"cut-%d" % body.k
    if isinstance(body, PairPoint):
        meeting = (SPREAD * body.source + body.destination) % partitions
        return meeting, b"pair-%d-%d" % (body.source, body.destination)
    return partition, b"partition-%d" % partition
