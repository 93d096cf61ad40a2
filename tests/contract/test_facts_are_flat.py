"""What analysts read needs no unpacking: a plain mapper of types makes a SQL column of each field.

Owns: the mapper, a table as the sinks of Kafka Connect and the readers of SQL engines have it.
"""

import json

import pytest

from schemas.model import AVRO_FOLDER
from topics.catalog import ATTEMPTS, BALANCES, POSTINGS, TOTALS, TRANSACTIONS

TOPICS = (POSTINGS, BALANCES, TRANSACTIONS, ATTEMPTS, TOTALS)
# Avro type and logical type -> SQL type. A logical type that is not known is refused: an engine
# would take the bare type and lose what it means.
COLUMNS = {
    ("boolean", ""): "BOOLEAN",
    ("int", ""): "INTEGER",
    ("int", "date"): "DATE",
    ("long", ""): "BIGINT",
    ("long", "timestamp-micros"): "TIMESTAMPTZ",
    ("string", ""): "TEXT",
    # Our own; whoever does not know them has the bare type, and loses nothing.
    ("long", "minor-units"): "BIGINT",
    ("string", "iso-4217"): "TEXT",
    ("string", "wallet-id"): "TEXT",
    ("string", "command-id"): "TEXT",
}


class NotFlat(Exception):
    """A field that a plain mapper has no column for."""


def column(field):
    """The SQL column of a field."""
    kind, null = field["type"], " NOT NULL"
    if isinstance(kind, list):
        if len(kind) != 2 or kind[0] != "null":
            raise NotFlat(f"{field['name']}: a union of more than null and a type")
        kind, null = kind[1], ""
    bare, logical = (
        (kind, "") if isinstance(kind, str) else (kind["type"], kind.get("logicalType", ""))
    )
    if not isinstance(bare, str) or (bare, logical) not in COLUMNS:
        raise NotFlat(f"{field['name']}: {bare} {logical}")
    return f"{field['name']} {COLUMNS[bare, logical]}{null}"


def table(schema):
    """The columns of a record; it must be one."""
    if schema["type"] != "record":
        raise NotFlat("one kind of record a topic")
    return [column(field) for field in schema["fields"]]


def schema_of(topic):
    path = AVRO_FOLDER / f"ledger.facts.{topic.message.__name__}.avsc"
    return json.loads(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.name)
def test_every_field_is_a_column(topic):
    columns = table(schema_of(topic))
    assert len(columns) == len(topic.message.__match_args__)
    assert len({each.split()[0] for each in columns}) == len(columns)


def test_the_columns_of_postings():
    assert table(schema_of(POSTINGS)) == [
        "posting_id TEXT NOT NULL",
        "partition INTEGER NOT NULL",
        "sequence BIGINT NOT NULL",
        "entry INTEGER NOT NULL",
        "posting INTEGER NOT NULL",
        "ledger_id TEXT NOT NULL",
        "command_id TEXT NOT NULL",
        "flow TEXT NOT NULL",
        "account TEXT NOT NULL",
        "owner TEXT NOT NULL",
        "wallet_id TEXT",
        "currency TEXT NOT NULL",
        "exponent INTEGER NOT NULL",
        "amount_minor BIGINT NOT NULL",
        "day DATE NOT NULL",
        "effective_at TIMESTAMPTZ NOT NULL",
        "decided_at TIMESTAMPTZ NOT NULL",
        "appended_at TIMESTAMPTZ",
        "logged_at TIMESTAMPTZ NOT NULL",
    ]


@pytest.mark.parametrize(
    "kind",
    [
        ["null", "string", "long"],
        ["string", "null"],
        {"type": "array", "items": "string"},
        {"type": "map", "values": "string"},
        "ledger.journal.Posting",
        "bytes",
        "double",
        {"type": "long", "logicalType": "timestamp-nanos"},
        {"type": "bytes", "logicalType": "decimal"},
    ],
)
def test_the_mapper_refuses_what_is_not_flat(kind):
    with pytest.raises(NotFlat):
        column({"name": "x", "type": kind})


def test_the_mapper_refuses_the_log():
    path = AVRO_FOLDER / "ledger.decisions.Decision.avsc"
    with pytest.raises(NotFlat):
        table(json.loads(path.read_text(encoding="utf-8")))


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.name)
def test_fields_that_may_be_missing_have_null_as_their_default(topic):
    for field in schema_of(topic)["fields"]:
        if isinstance(field["type"], list):
            assert field["default"] is None
