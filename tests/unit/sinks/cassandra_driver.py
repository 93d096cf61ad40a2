"""Statements as the Cassandra driver prepares them, made without a server."""

from cassandra.cqltypes import Int32Type, ListType, LongType, TupleType, UTF8Type
from cassandra.protocol import ColumnMetadata
from cassandra.query import PreparedStatement

LINE = TupleType.apply_parameters([UTF8Type, UTF8Type, LongType])
LINES = ListType.apply_parameters([LINE])
MONTH_COLUMNS = [UTF8Type, Int32Type]
HISTORY_COLUMNS = [
    UTF8Type, Int32Type, LongType, Int32Type, LongType, *[UTF8Type] * 8, LINES, LINES, LongType,
]  # fmt: skip
PROTOCOL = 5


def prepared(types, key):
    """Return a statement with values of these types, of which `key` are the partition key."""
    columns = [ColumnMetadata("k", "t", f"c{n}", kind) for n, kind in enumerate(types)]
    return PreparedStatement(columns, b"id", key, "", "k", PROTOCOL, None, None)
