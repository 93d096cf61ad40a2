"""Digest of the history: what Cassandra really holds, boiled down per partition.

Owns: reading every row back as the canonical rows of `rows.history_of`, by a full scan.
Never: repairs anything.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any, Final

from cassandra.query import SimpleStatement

from sinks.cassandra.session import KEYSPACE, store_errors
from sinks.digests import HISTORY, Digest, DigestSum

ROWS_PER_PAGE: Final = 2_000
PARTITION: Final = 3
SCAN: Final = """
    SELECT wallet_id, month, sequence, partition, decided_at_us, command_id, outcome, reason,
           detail, stage, flow, counterparty, what, postings, balances FROM {keyspace}.history
"""


def digests(
    session: Any,  # noqa: ANN401 - untyped driver
    keyspace: str = KEYSPACE,
) -> dict[int, dict[str, Digest]]:
    """Return the digest of every partition, from one scan."""
    sums: dict[int, DigestSum] = defaultdict(DigestSum)
    with store_errors():
        scan = SimpleStatement(SCAN.format(keyspace=keyspace), fetch_size=ROWS_PER_PAGE)
        for row in session.execute(scan):
            sums[row[PARTITION]].add((tuple(row),))
    return {partition: {HISTORY: total.result()} for partition, total in sums.items()}


def digest(
    session: Any,  # noqa: ANN401 - untyped driver
    partition: int,
    keyspace: str = KEYSPACE,
) -> dict[str, Digest]:
    """Return the digest of one partition; use `digests` for several."""
    return digests(session, keyspace).get(partition, {HISTORY: Digest()})
