"""Reads of the lake: its tables and the views over them, asked in SQL by DuckDB.

Owns: which files of a table are read, and that all views stand on one snapshot of each table.
Never: writes to the lake, and never loads an extension over a network.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import duckdb
from pyiceberg.exceptions import NoSuchTableError
from pyiceberg.table import FileScanTask, Table

from sinks.lake.catalog import NAMESPACE, open_catalog
from sinks.lake.columns import TABLES, schema_of

VIEWS: Final = Path(__file__).parent / "views.sql"
LOCAL: Final = "file://"
OFFLINE: Final = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
}


def open_views(place: str) -> duckdb.DuckDBPyConnection:
    """Return a connection with the tables and views of a lake, as they stand now.

    Rows that come later are seen by a later connection. A day is one of UTC.
    """
    connection = duckdb.connect(config=dict(OFFLINE))
    connection.execute("SET TimeZone = 'UTC'")
    catalog = open_catalog(place)
    for kept in TABLES:
        try:
            table = catalog.load_table(f"{NAMESPACE}.{kept.name}")
        except NoSuchTableError:
            # Not filled yet: the views are there all the same, and say nothing.
            connection.register(kept.name, schema_of(kept).as_arrow().empty_table())
            continue
        _show(connection, kept.name, table)
    connection.execute(VIEWS.read_text(encoding="utf-8"))
    return connection


def _show(connection: duckdb.DuckDBPyConnection, name: str, table: Table) -> None:
    """Show a table: its files where DuckDB can read them itself, else its rows in memory."""
    tasks = list(table.scan().plan_files())
    if not tasks or not _plain(table, tasks):
        connection.register(name, table.scan().to_arrow())
        return
    paths = [each.file.file_path.removeprefix(LOCAL) for each in tasks]
    listed = ", ".join(f"'{_quoted(each)}'" for each in paths)
    columns = ", ".join(f'"{each.name}"' for each in table.schema().fields)
    connection.execute(
        f"CREATE VIEW {name} AS SELECT {columns} "  # noqa: S608 - names of ours, quoted paths
        f"FROM read_parquet([{listed}], union_by_name = true, hive_partitioning = false)"
    )


def _plain(table: Table, tasks: Sequence[FileScanTask]) -> bool:
    """Tell whether the files alone are the table: local, nothing deleted, one schema."""
    return len(table.schemas()) == 1 and all(
        each.file.file_path.startswith(LOCAL) and not each.delete_files for each in tasks
    )


def _quoted(path: str) -> str:
    return path.replace("'", "''")
