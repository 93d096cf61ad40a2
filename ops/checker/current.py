"""Check 8, rows of PostgreSQL that change: wallets, holds, transactions are as the fold has them.

Owns: which tables of the fold PostgreSQL keeps too, and what of a row both can tell.
Never: believes the sink: the fold of the log is the core's own. Both come in key order, so that
neither is ever held as a whole.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final, LiteralString, final

from ledger.facts import columns_of
from ops.checker.report import Result
from ops.checker.rows import text_of
from ops.checker.state import rows_under
from schemas.codec import decode
from schemas.messages.rows import HoldRow, TransactionRow, WalletRow
from streams.reconciliation.rounds.ri08_state import Row, compare_rows
from streams.runtime.ports import Store
from streams.wallet.tables import HOLDS, TRANSACTIONS, WALLETS

Told = tuple[object, ...]
Ask = Callable[[LiteralString], Iterable[Told]]  # a statement -> rows


@final
@dataclass(frozen=True, slots=True)
class Table:
    """A table that both have. `statement` gives the columns of the key, then those of `told`."""

    name: str
    prefix: bytes
    key_columns: int
    told: Callable[[bytes], Told]
    statement: LiteralString


def _wallet(value: bytes) -> Told:
    row = decode(WalletRow, value)
    blocks = (row.debit_blocked, row.credit_blocked)
    return row.kind, row.tier, row.status, *blocks, row.opened_at


def _hold(value: bytes) -> Told:
    row = decode(HoldRow, value)
    amounts = (row.authorized, row.captured, row.released)
    return row.to_wallet_id, row.currency, *amounts, row.status, row.expires_at


def _transaction(value: bytes) -> Told:
    return columns_of(decode(TransactionRow, value))


# The order of bytes is that of the fold's keys.
TABLES: Final = (
    Table(
        WALLETS.name,
        WALLETS.prefix,
        1,
        _wallet,
        """
        SELECT wallet_id, kind, tier, status, debit_blocked, credit_blocked,
               (extract(epoch FROM opened_at) * 1000000)::bigint
        FROM wallet WHERE partition = %s ORDER BY wallet_id COLLATE "C"
        """,
    ),
    Table(
        HOLDS.name,
        HOLDS.prefix,
        2,
        _hold,
        """
        SELECT wallet_id, hold_id, to_wallet_id, currency, authorized, captured, released, status,
               coalesce((extract(epoch FROM expires_at) * 1000000)::bigint, 0)
        FROM hold_now WHERE partition = %s ORDER BY wallet_id COLLATE "C", hold_id COLLATE "C"
        """,
    ),
    Table(
        TRANSACTIONS.name,
        TRANSACTIONS.prefix,
        2,
        _transaction,
        """
        SELECT wallet_id, transaction_id, kind, state, currency, amount, fee, done, refunded,
               fee_refunded, reserve, disputed, other_currency, other_amount, maker, counterparty,
               rail, reference, coalesce((extract(epoch FROM due_at) * 1000000)::bigint, 0)
                   * CASE WHEN due_sleeps THEN -1 ELSE 1 END
        FROM wallet_transaction WHERE partition = %s
        ORDER BY wallet_id COLLATE "C", transaction_id COLLATE "C"
        """,
    ),
)


def check_current(partition: int, fold: Store, ask: Ask, result: Result) -> None:
    """Compare what PostgreSQL says of a partition now with the fold of its log."""
    where = f"PostgreSQL, partition {partition}"
    for table in TABLES:
        held = _held(table, ask(table.statement), result)
        for key, what in compare_rows(_folded(table, fold), held):
            name = key.replace(b"\0", b" ").decode(errors="backslashreplace")
            result.add(where, f"{table.name} row {name} {what}")


def _folded(table: Table, fold: Store) -> Iterator[Row]:
    for key, value in rows_under(fold, table.prefix):
        yield key.removeprefix(table.prefix), text_of(table.told(value)).encode()


def _held(table: Table, rows: Iterable[Told], result: Result) -> Iterator[Row]:
    for row in rows:
        result.looked_at += 1
        key, told = row[: table.key_columns], row[table.key_columns :]
        yield "\0".join(map(str, key)).encode(), text_of(told).encode()
