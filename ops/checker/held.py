"""What the stores hold, read row by row.

Owns: the full scans of PostgreSQL, Cassandra and Redis, as canonical rows and balances.
Never: compares.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, LiteralString

import psycopg
from cassandra.query import SimpleStatement
from psycopg.rows import TupleRow

from ops.checker.balances import Account, Held
from ops.checker.rows import Placed
from ops.stores import opened
from schemas.access.cassandra import Place
from sinks.cassandra.digest import PARTITION, ROWS_PER_PAGE, SCAN
from sinks.cassandra.session import KEYSPACE, open_session, store_errors
from sinks.digests import ENTRIES, HISTORY, OUTCOMES, POSTINGS, TRANSACTION_STEPS
from sinks.postgres.connection import connect
from sinks.postgres.connection import store_errors as postgres_errors
from sinks.postgres.digest import ROWS_PER_FETCH, VIEWS
from sinks.redis.client import connect as connect_redis
from sinks.redis.client import store_errors as redis_errors
from sinks.redis.rows import PREFIX, balances_in

KINDS: Final = {"PostgreSQL": "postgres", "Cassandra": "cassandra", "Redis": "redis"}
KEYS_PER_SCAN: Final = 1_000
JOURNAL: Final = (OUTCOMES, ENTRIES, POSTINGS, TRANSACTION_STEPS)
SEQUENCE: Final = 2  # column of a history row; in the journal's rows it is the second
STATED: Final[LiteralString] = (
    "SELECT partition, account, owner, currency, minor, owner_sequence FROM wallet_balance"
)
ADDED_UP: Final[LiteralString] = """
    SELECT partition, account, owner, currency, sum(amount)::bigint, NULL::bigint
    FROM posting GROUP BY partition, account, owner, currency
"""


def journal_rows(dsn: str, partitions: int) -> Iterator[Placed]:
    """Yield every outcome, entry, posting and step of PostgreSQL."""
    for number in range(partitions):
        for view in JOURNAL:
            for row in _ask(dsn, VIEWS[view], (number,)):
                yield view, number, row[1], row


def journal_balances(dsn: str, *, added_up: bool) -> Iterator[tuple[Account, Held]]:
    """Yield PostgreSQL's balances: as it keeps them, or as its postings add up."""
    for row in _ask(dsn, ADDED_UP if added_up else STATED, ()):
        yield (row[0], row[1], row[2], row[3]), (row[4], row[5])


def current_rows(dsn: str, partition: int, statement: LiteralString) -> Iterator[TupleRow]:
    """Yield what PostgreSQL says of a partition's wallets, holds or transactions now."""
    return _ask(dsn, statement, (partition,))


def history_rows(place: Place) -> Iterator[Placed]:
    """Yield every row of Cassandra, by a full scan."""
    session: Any = open_session(place)
    try:
        with store_errors():
            text = SCAN.format(keyspace=KEYSPACE)
            scan = SimpleStatement(text, fetch_size=ROWS_PER_PAGE)
            for row in session.execute(scan):
                yield HISTORY, row[PARTITION], row[SEQUENCE], tuple(row)
    finally:
        session.cluster.shutdown()


def redis_balances(url: str) -> Iterator[tuple[Account, Held]]:
    """Yield every balance of Redis, by a scan of the keys."""
    with redis_errors(), connect_redis(url) as client:
        keys: set[str] = set()  # a scan may name a key twice
        for kind in ("wallet", "system"):
            keys.update(client.scan_iter(f"{PREFIX}:{kind}:*", count=KEYS_PER_SCAN))
        for key in sorted(keys):
            fields: Any = client.hgetall(key)
            for fact in balances_in(key, fields):
                yield fact[:4], (fact[4], fact[5])


def sequences(store: str, place: Place) -> dict[int, int]:
    """Return where a store stands, by partition."""
    with opened(KINDS[store], place) as reads:
        return {number: found.sequence for number, found in reads.positions().items()}


def _ask(dsn: str, statement: LiteralString, given: tuple[object, ...]) -> Iterator[TupleRow]:
    with postgres_errors(), connect(dsn, "ledger-checker") as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        with connection.transaction(), connection.cursor(name="checker", binary=True) as cursor:
            cursor.itersize = ROWS_PER_FETCH
            yield from cursor.execute(statement, given)
