"""Columns: the Avro schema of a fact as the schema of a table, and records as Arrow rows.

Owns: which tables there are, of which topics, and which type a field has in Iceberg.
Never: adds a column that the fact does not have, or leaves one out.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, NamedTuple

import pyarrow as pa
from pyiceberg.schema import Schema
from pyiceberg.types import (
    BooleanType,
    DateType,
    IcebergType,
    IntegerType,
    LongType,
    NestedField,
    StringType,
    TimestamptzType,
)

from schemas.codec import decode
from schemas.model import AVRO_FOLDER
from topics.catalog import ATTEMPTS, POSTINGS, TRANSACTIONS, Topic

# Rows that are Python objects at one time: Arrow's columns take a tenth of their memory.
ROWS_PER_CHUNK: Final = 5_000
TYPES: Final[dict[tuple[str, str], type[IcebergType]]] = {
    ("boolean", ""): BooleanType,
    ("int", ""): IntegerType,
    ("int", "date"): DateType,
    ("long", ""): LongType,
    ("long", "timestamp-micros"): TimestamptzType,
    ("string", ""): StringType,
    # Names of our own; the bare type loses nothing.
    ("long", "minor-units"): LongType,
    ("string", "iso-4217"): StringType,
    ("string", "wallet-id"): StringType,
    ("string", "command-id"): StringType,
}
Place = tuple[int, ...]  # where a fact stands in its partition; it only grows


@dataclass(frozen=True, slots=True)
class Kept:
    """A table of the lake: its name, its topic, and the fields that say where a fact stands."""

    name: str
    topic: Topic
    place: tuple[str, ...]

    def place_of(self, fact: object) -> Place:
        """Return where a fact stands in its partition."""
        return tuple(getattr(fact, name) for name in self.place)


# Not `wallet.balances.v1`: it is compacted, so its rows would depend on when they were read, and
# the postings sum to them. Not the totals, for the same reason.
TABLES: Final = (
    Kept("postings", POSTINGS, ("sequence", "entry", "posting")),
    Kept("transactions", TRANSACTIONS, ("sequence", "change")),
    Kept("attempts", ATTEMPTS, ("sequence",)),
)


class Taken(NamedTuple):
    """Rows to append, where their partitions stand after them, and how many were repeats."""

    rows: pa.Table
    places: dict[int, Place]
    repeats: int


def document_of(kept: Kept) -> dict[str, Any]:
    """Return the Avro schema of a table's facts."""
    assert kept.topic.message is not None
    path = AVRO_FOLDER / f"ledger.facts.{kept.topic.message.__name__}.avsc"
    found = json.loads(path.read_text(encoding="utf-8"))
    assert isinstance(found, dict)
    return found


def schema_of(kept: Kept) -> Schema:
    """Return the schema of a new table; field ids are places in the record."""
    fields = document_of(kept)["fields"]
    return Schema(*(_field(number, each) for number, each in enumerate(fields, 1)))


def taken(
    kept: Kept,
    records: Sequence[tuple[int, bytes]],
    places: dict[int, Place],
    schema: pa.Schema,
) -> Taken:
    """Make rows of records, given by partition and value; a fact that came before is left out.

    A repeat under another offset is possible only where somebody ran the publish job under two
    names; money must not count twice for it.
    """
    assert kept.topic.message is not None
    read = partial(decode, kept.topic.message)
    reached, repeats, chunks, fresh = dict(places), 0, [], []
    for partition, value in records:
        fact = read(value)
        place = kept.place_of(fact)
        if place <= reached.get(partition, ()):
            repeats += 1
            continue
        reached[partition] = place
        fresh.append(fact)
        if len(fresh) == ROWS_PER_CHUNK:
            chunks.append(_chunk(fresh, schema))
            fresh = []
    chunks.append(_chunk(fresh, schema))
    return Taken(pa.Table.from_batches(chunks, schema), reached, repeats)


def _chunk(facts: Sequence[object], schema: pa.Schema) -> pa.RecordBatch:
    # A column of a newer version of the table is one that this version's facts do not have.
    columns = [
        pa.array((getattr(fact, field.name, None) for fact in facts), field.type)
        for field in schema
    ]
    return pa.RecordBatch.from_arrays(columns, schema=schema)


def _field(number: int, field: dict[str, Any]) -> NestedField:
    kind = field["type"]
    nullable = isinstance(kind, list)
    bare = kind[1] if nullable else kind
    key = (bare, "") if isinstance(bare, str) else (bare["type"], bare.get("logicalType", ""))
    return NestedField(number, field["name"], TYPES[key](), doc=field["doc"], required=not nullable)
