"""Tables: of which rows a replay into PostgreSQL is, and the SQL that compares and swaps them.

Owns: the keys, what lies inside of a scope, the statements.
Never: a connection. Every name and value is quoted by psycopg.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from psycopg.sql import SQL, Composable, Composed, Identifier, Literal

from ops.replay.scope import Scope

SHOWN: Final = 20
AND: Final = SQL(" AND ")


@dataclass(frozen=True, slots=True)
class Table:
    """A table with its key; `wallet` is the column that names one.

    Appended rows have a sequence, the others say what is so now.
    """

    name: str
    key: tuple[str, ...]
    wallet: str = ""
    appended: bool = True


TABLES: Final = (
    Table("outcome", ("partition", "sequence"), "wallet_id"),
    Table("journal_entry", ("partition", "sequence", "entry")),
    Table("posting", ("partition", "sequence", "entry", "posting"), "owner"),
    Table("hold_step", ("partition", "sequence", "step"), "wallet_id"),
    Table("transaction_step", ("partition", "sequence", "step"), "wallet_id"),
    Table("hold", ("wallet_id", "hold_id"), "wallet_id", appended=False),
    Table("wallet", ("wallet_id",), "wallet_id", appended=False),
    Table("wallet_transaction", ("wallet_id", "transaction_id"), "wallet_id", appended=False),
    Table("wallet_balance", ("owner", "account", "currency", "partition"), "owner", appended=False),
)
TOTALS: Final = (("posting", "amount"), ("wallet_balance", "minor"))


def tables_of(scope: Scope) -> tuple[Table, ...]:
    """Return the tables of a scope: what is so now belongs to no range of sequences."""
    return tuple(table for table in TABLES if table.appended or not scope.last)


def rows_of(table: Table, scope: Scope, schema: str, shadow: str) -> Composed:
    """Select the rows of a table that lie inside the scope, as `t`."""
    place = Identifier(schema, table.name)
    return SQL("SELECT t.* FROM {} AS t WHERE {}").format(place, _inside(table, scope, shadow))


def compared(table: Table, scope: Scope, live: str, shadow: str) -> Composed:
    """Select the key of each row that differs, in what, and how many do; the first few."""
    keys = SQL(", ").join(map(Identifier, table.key))
    return SQL(
        """
        SELECT {keys}, CASE WHEN l.partition IS NULL THEN 'is missing'
                            WHEN s.partition IS NULL THEN 'does not follow from the log'
                            ELSE 'holds something else' END, count(*) OVER ()
        FROM ({live}) AS l FULL JOIN ({shadow}) AS s USING ({keys})
        WHERE ROW(l.*) IS DISTINCT FROM ROW(s.*)
        ORDER BY {keys} LIMIT {shown}
        """
    ).format(
        keys=keys,
        live=rows_of(table, scope, live, shadow),
        shadow=rows_of(table, scope, shadow, shadow),
        shown=Literal(SHOWN),
    )


def removed(table: Table, scope: Scope, live: str, shadow: str) -> Composed:
    """Delete the live rows of the scope that are not, column by column, those of the shadow."""
    same = AND.join(SQL("s.{0} = t.{0}").format(Identifier(column)) for column in table.key)
    return SQL(
        """
        DELETE FROM {live} AS t WHERE {inside} AND NOT EXISTS (
            SELECT 1 FROM {shadow} AS s WHERE {same} AND ROW(s.*) IS NOT DISTINCT FROM ROW(t.*)
        )
        """
    ).format(
        live=Identifier(live, table.name),
        inside=_inside(table, scope, shadow),
        shadow=Identifier(shadow, table.name),
        same=same,
    )


def added(table: Table, scope: Scope, live: str, shadow: str) -> Composed:
    """Insert the rows of the shadow that are missing; what is left there is equal already."""
    return SQL("INSERT INTO {} {} ON CONFLICT DO NOTHING").format(
        Identifier(live, table.name), rows_of(table, scope, shadow, shadow)
    )


def totals(scope: Scope, schema: str, shadow: str) -> Composed:
    """Select count, sum and currency of everything that is money, and the count of the rest."""
    money = dict(TOTALS)
    parts = [
        _total(table, money.get(table.name), scope, schema, shadow) for table in tables_of(scope)
    ]
    return SQL("{} ORDER BY 1, 2").format(SQL(" UNION ALL ").join(parts))


def _total(table: Table, column: str | None, scope: Scope, schema: str, shadow: str) -> Composed:
    rows = rows_of(table, scope, schema, shadow)
    if column is None:
        text = SQL("SELECT {}, '', count(*), 0::numeric FROM ({}) AS r")
        return text.format(Literal(table.name), rows)
    text = SQL("SELECT {}, currency, count(*), sum({}) FROM ({}) AS r GROUP BY currency")
    return text.format(Literal(table.name), Identifier(column), rows)


def _inside(table: Table, scope: Scope, shadow: str) -> Composable:
    """Say which rows belong to the scope; a wallet's are those of all Decisions that touch it."""
    if not scope.wallet:
        here = SQL("t.partition = {}").format(Literal(scope.partition))
        if not scope.last:
            return here
        between = SQL("t.sequence BETWEEN {} AND {}")
        return AND.join((here, between.format(Literal(scope.first), Literal(scope.last))))
    parts: list[Composable] = []
    if table.wallet:
        named = SQL("t.{} = {}").format(Identifier(table.wallet), Literal(scope.wallet))
        parts.append(named)
    if table.appended:
        touching = SQL("t.sequence IN (SELECT sequence FROM {})")
        parts.append(touching.format(Identifier(shadow, "outcome")))
    here = SQL("t.partition = {}").format(Literal(scope.partition))
    return SQL("{} AND ({})").format(here, SQL(" OR ").join(parts))
