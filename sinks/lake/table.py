"""Table: rows and the offsets they came from, in one snapshot or not at all.

Owns: one table of the lake, the properties of its snapshots, the compare before each commit.
Never: reads a topic; never repeats a commit by itself.

Theory. The offsets of all partitions are properties of the snapshot that added the rows up to them,
and the newest snapshot that has them, from the current one backwards, says where to read on. So a
table that somebody rolled back is filled again from there, and one that an engine compacted keeps
its place. A commit names the snapshot it was made upon and fails when there is another by now. The
client would answer that by putting the same rows upon the other one, four times if need be: a table
of ours has that turned off, and is not written to until it has.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final, final

import pyarrow as pa
from pyiceberg.catalog import Catalog
from pyiceberg.exceptions import (
    CommitFailedException,
    NoSuchTableError,
    RESTError,
    WaitingForLockException,
)
from pyiceberg.partitioning import PartitionField, PartitionSpec
from pyiceberg.table import Table
from pyiceberg.table.snapshots import Snapshot
from pyiceberg.transforms import DayTransform
from sqlalchemy.exc import DBAPIError

from sinks.crash import AFTER_OFFSET, BEFORE_OFFSET, CrashPoint, never
from sinks.errors import StoreAway, StoreMoved, TopicReplaced
from sinks.lake.catalog import NAMESPACE
from sinks.lake.columns import Kept, Place, document_of, schema_of

TOPIC_ID: Final = "ledger.topic-id"
OFFSETS: Final = "ledger.offsets"  # JSON: partition -> next offset
PLACES: Final = "ledger.places"  # JSON: partition -> where its last fact stands
DAY_BY: Final = "decided_at"
FIRST_PARTITION_FIELD: Final = 1000  # where Iceberg begins to number them
NO_RETRIES: Final = ("commit.retry.num-retries", "0")
PROPERTIES: Final = {
    "format-version": "2",
    NO_RETRIES[0]: NO_RETRIES[1],
    # Every commit adds a small manifest; without merging, a year of minutes is half a million.
    "commit.manifest-merge.enabled": "true",
    "write.metadata.delete-after-commit.enabled": "true",
    "write.metadata.previous-versions-max": "20",
}
# The client copies all of them some twenty times in a commit: with 125 of them one costs 0.37 s of
# CPU, with 25 0.07 s.
SNAPSHOTS_MAX: Final = 100
SNAPSHOTS_KEPT: Final = 50


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a table stands: by partition the next offset and the last fact's place."""

    offsets: Mapping[int, int] = field(default_factory=dict)
    places: Mapping[int, Place] = field(default_factory=dict)


@final
class LakeTable:
    """One table; from one thread. Raises `StoreAway`, `StoreMoved`, `TopicReplaced`."""

    def __init__(self, catalog: Catalog, kept: Kept, crash: CrashPoint = never) -> None:
        self._catalog: Final = catalog
        self._kept: Final = kept
        self._crash: Final = crash
        self._held: Table | None = None

    @property
    def name(self) -> str:
        """Return what it is called in the lake."""
        return f"{NAMESPACE}.{self._kept.name}"

    @property
    def arrow(self) -> pa.Schema:
        """Return the schema that rows have to have."""
        return self._table().schema().as_arrow()

    def standing(self, topic_id: str) -> Standing:
        """Load the table anew, made where it is missing, and say where it stands."""
        with lake_errors(self.name):
            self._held = _ready(self._open(), self._kept)
        newest = newest_of_ours(self._table())
        if newest is None:
            return Standing()
        if newest[TOPIC_ID] != topic_id:
            raise TopicReplaced(
                f"{self.name} was filled from topic id {newest[TOPIC_ID]}, {self._kept.topic.name} "
                f"is now {topic_id}: its rows would be mixed with another ledger's"
            )
        return Standing(
            {int(key): value for key, value in json.loads(newest[OFFSETS]).items()},
            {int(key): tuple(value) for key, value in json.loads(newest[PLACES]).items()},
        )

    def append(self, topic_id: str, rows: pa.Table, after: Standing) -> None:
        """Add rows and say where they end. Nothing changes unless all of it does."""
        properties = {
            TOPIC_ID: topic_id,
            OFFSETS: json.dumps(dict(sorted(after.offsets.items()))),
            PLACES: json.dumps(dict(sorted(after.places.items()))),
        }
        table = self._table()
        assert table.properties.get(NO_RETRIES[0]) == NO_RETRIES[1], "a commit would be repeated"
        with lake_errors(self.name):
            change = table.transaction()
            change.append(rows, snapshot_properties=properties)
            self._crash(BEFORE_OFFSET)
            change.commit_transaction()
            self._crash(AFTER_OFFSET)
            self._forget_old(table)

    def _open(self) -> Table:
        self._catalog.create_namespace_if_not_exists(NAMESPACE)
        schema = schema_of(self._kept)
        source = schema.find_field(DAY_BY).field_id
        by_day = PartitionField(source, FIRST_PARTITION_FIELD, DayTransform(), f"{DAY_BY}_day")
        return self._catalog.create_table_if_not_exists(
            self.name,
            schema,
            partition_spec=PartitionSpec(by_day),
            properties={**PROPERTIES, "comment": document_of(self._kept)["doc"]},
        )

    def _forget_old(self, table: Table) -> None:
        """Bound the metadata; rows stay, the newest snapshots too, and what a tag names."""
        times = sorted(each.timestamp_ms for each in table.metadata.snapshots)
        if len(times) > SNAPSHOTS_MAX:
            until = datetime.fromtimestamp(times[-SNAPSHOTS_KEPT] / 1_000, UTC)
            table.maintenance.expire_snapshots().older_than(until).commit()

    def _table(self) -> Table:
        assert self._held is not None, "where does it stand?"
        return self._held


def newest_of_ours(table: Table) -> Mapping[str, str] | None:
    """Return the properties of the newest snapshot that has offsets; None for an empty table.

    Snapshots without them are others': a compaction, a deletion. They are passed over.
    """
    snapshot: Snapshot | None = table.current_snapshot()
    begun = snapshot is not None
    while snapshot is not None:
        summary = snapshot.summary
        found = {} if summary is None else summary.additional_properties
        if OFFSETS in found:
            return found
        parent = snapshot.parent_snapshot_id
        snapshot = None if parent is None else table.snapshot_by_id(parent)
    if begun:
        raise TopicReplaced(
            f"{'.'.join(table.name())} has rows, and no snapshot that says from which offsets"
        )
    return None


def _ready(table: Table, kept: Kept) -> Table:
    """Add what a newer version of the facts has, and turn off repeated commits."""
    known = {each.name for each in table.schema().fields}
    missing = [each for each in schema_of(kept).fields if each.name not in known]
    if missing:
        with table.update_schema() as change:
            for each in missing:
                # Rows that are there have no value of it.
                change.add_column(each.name, each.field_type, each.doc, required=False)
    if table.properties.get(NO_RETRIES[0]) != NO_RETRIES[1]:
        with table.transaction() as change_of_properties:
            change_of_properties.set_properties({NO_RETRIES[0]: NO_RETRIES[1]})
    return table


@contextmanager
def lake_errors(name: str) -> Iterator[None]:
    """Translate what catalogs and files raise."""
    try:
        yield
    except (CommitFailedException, NoSuchTableError) as moved:
        raise StoreMoved(f"{name}: {moved}") from moved
    except (RESTError, WaitingForLockException, DBAPIError, OSError) as away:
        raise StoreAway(f"{name}: {type(away).__name__}: {away}") from away
