"""The shadow of a replay in PostgreSQL: a schema of its own, filled by the shipped sink.

Owns: the schema, the place at which shadow and live rows are compared, the swap.
Never: writes a live table but in `apply`, one transaction: the connections of the run see no schema
but the shadow's.

Comparing needs both to stand at the same Decision while the live sink goes on. So the live position
is locked for a moment, the shadow follows the short rest, and from then on a snapshot is read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final, final

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.sql import SQL, Identifier

from ops.errors import DocumentError
from ops.replay import tables
from ops.replay.scope import Scope
from sinks.batch import Position
from sinks.crash import CrashPoint, never
from sinks.postgres.connection import connect, store_errors
from sinks.postgres.migrate import migrate
from sinks.postgres.sink import PostgresSink
from sinks.postgres.statements import READ_POSITION

PREFIX: Final = "replay_"
NAME: Final = "ledger-replay"
ABOUT: Final = "CREATE TABLE IF NOT EXISTS replay_about (scope text NOT NULL)"
SCHEMAS: Final = """
    SELECT nspname FROM pg_namespace WHERE starts_with(nspname, 'replay_') ORDER BY nspname
"""
Catch = Callable[[Position], None]  # brings the shadow to a place
Totals = dict[tuple[str, str], tuple[int, int]]  # table, currency -> rows, minor units


@dataclass(slots=True)
class Differences:
    """What differs: keys in words, counts by table, control totals of both sides."""

    rows: dict[str, int] = field(default_factory=dict)
    named: list[str] = field(default_factory=list)
    log: Totals = field(default_factory=dict)
    live: Totals = field(default_factory=dict)

    @property
    def count(self) -> int:
        """Return how many rows differ."""
        return sum(self.rows.values())


@final
class Shadow:
    """One replay's rows beside the live ones."""

    def __init__(self, dsn: str, name: str, crash: CrashPoint = never) -> None:
        self.schema: Final = PREFIX + name
        self._dsn: Final = dsn
        self._crash: Final = crash
        options = conninfo_to_dict(dsn).get("options") or ""
        self._own: Final = make_conninfo(
            dsn, options=f"{options} -c search_path={self.schema}".strip()
        )

    def begin(self, scope: Scope) -> None:
        """Make the tables, as the migrations make the live ones; nothing when they are there."""
        with store_errors():
            with connect(self._dsn, NAME) as live:
                live.execute(SQL("CREATE SCHEMA IF NOT EXISTS {}").format(Identifier(self.schema)))
            migrate(self._own)
            with connect(self._own, NAME) as own, own.transaction():
                own.execute(ABOUT)
                if own.execute("SELECT 1 FROM replay_about").fetchone() is None:
                    own.execute("INSERT INTO replay_about VALUES (%s)", (scope.text(),))

    def scope(self) -> Scope:
        """Return what the replay is about. Raises `DocumentError` when there is none."""
        try:
            with store_errors(), connect(self._own, NAME) as own:
                row = own.execute("SELECT scope FROM replay_about").fetchone()
        except psycopg.errors.UndefinedTable as error:
            name = self.schema.removeprefix(PREFIX)
            raise DocumentError(f"no replay {name}: see `ledgerctl replay list`") from error
        assert row is not None, "it is written with the table"
        return Scope.parse(row[0])

    def sink(self) -> PostgresSink:
        """Return the shipped sink; it can name no table but the shadow's."""
        return PostgresSink(self._own, self._crash)

    def live_position(self, partition: int) -> Position:
        """Return where the live store stands. Raises `DocumentError` when it has nothing."""
        with store_errors(), connect(self._dsn, NAME) as live:
            return _position(live, partition)

    def differences(self, scope: Scope, catch: Catch) -> Differences:
        """Compare at one Decision, by key and by control totals; nothing is changed."""
        with store_errors(), connect(self._dsn, NAME) as reader:
            reader.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            with reader.transaction():
                with self._level(scope, catch):
                    reader.execute("SELECT 1")  # the snapshot is of now
                return self._compared(reader, scope)

    def apply(self, scope: Scope, catch: Catch) -> dict[str, int]:
        """Make the live rows of the scope those of the log, all or none; return how many changed.

        The live sink waits for the end of it, at its position.
        """
        changed: dict[str, int] = {}
        with store_errors(), self._level(scope, catch) as live:
            schema = _schema(live)
            for table in tables.tables_of(scope):
                names = (table, scope, schema, self.schema)
                gone = live.execute(tables.removed(*names)).rowcount
                changed[table.name] = max(gone, live.execute(tables.added(*names)).rowcount)
            left = self._compared(live, scope)
            assert not left.count, f"rows outside of the scope are in the way: {left.named}"
        return {name: count for name, count in changed.items() if count}

    def abort(self) -> None:
        """Drop the shadow."""
        with store_errors(), connect(self._dsn, NAME) as live:
            live.execute(SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(Identifier(self.schema)))

    @contextmanager
    def _level(self, scope: Scope, catch: Catch) -> Iterator[psycopg.Connection]:
        """Hold the live position while the shadow is brought there."""
        catch(self.live_position(scope.partition))
        with connect(self._dsn, NAME) as live, live.transaction():
            catch(_position(live, scope.partition, lock=True))
            yield live

    def _compared(self, connection: psycopg.Connection, scope: Scope) -> Differences:
        found, live = Differences(), _schema(connection)
        for table in tables.tables_of(scope):
            rows = connection.execute(tables.compared(table, scope, live, self.schema)).fetchall()
            for *key, what, count in rows:
                found.rows[table.name] = count
                found.named.append(f"{table.name} {' '.join(map(str, key))} {what}")
        found.log = self._totals(connection, scope, self.schema)
        found.live = self._totals(connection, scope, live)
        return found

    def _totals(self, connection: psycopg.Connection, scope: Scope, schema: str) -> Totals:
        rows = connection.execute(tables.totals(scope, schema, self.schema))
        return {(name, currency): (count, int(minor)) for name, currency, count, minor in rows}


def replays(dsn: str) -> list[str]:
    """Return the ids of the replays that have a shadow."""
    with store_errors(), connect(dsn, NAME) as live:
        return [str(name).removeprefix(PREFIX) for (name,) in live.execute(SCHEMAS)]


def _position(live: psycopg.Connection, partition: int, *, lock: bool = False) -> Position:
    found = live.execute(READ_POSITION + ("FOR UPDATE" if lock else ""), (partition,)).fetchone()
    if found is None:
        raise DocumentError(f"partition {partition} has no live rows yet: start its sink instead")
    return Position(*found)


def _schema(connection: psycopg.Connection) -> str:
    row = connection.execute("SELECT current_schema()").fetchone()
    assert row is not None, "a connection has a schema"
    return str(row[0])
