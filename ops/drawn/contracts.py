"""Data contracts, drawn: one for each topic for analysts, in the Open Data Contract Standard 3.1.

Owns: the text of `docs/contracts/` and of `docs/data-contracts.md`, their page.
Never: knows a field that no schema has, or a setting that the catalogue does not have.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import yaml
from typing_extensions import override

from ops.drawn.avro import documented
from ops.drawn.contract_terms import ISOLATION, ORDER, TERMS, Terms, table_of
from schemas.lock import read_lock
from schemas.messages.subjects import SUBJECTS
from schemas.model import Catalogue, load
from topics.topic import DAY_MS, Topic

Document = dict[str, object]

FOLDER: Final = "contracts"
VERSION: Final = "1.0.0"
STANDARD: Final = "v3.1.0"
OWNERS: Final = "wallet-ledger-owners"
CHECK: Final = "ledgerctl published check"
LIMITS: Final = "Read read_committed. Amounts are whole minor units, debit positive. Times are UTC."
# Avro type, or logical type where it says more -> logical type of the standard.
LOGICAL: Final[Mapping[str, str]] = {
    "boolean": "boolean",
    "date": "date",
    "int": "integer",
    "long": "integer",
    "string": "string",
    "timestamp-micros": "timestamp",
}
NAMES: Final = {subject.message: subject.fullname for subject in SUBJECTS}
PAGE: Final = """\
# Data contracts

Made from the catalogue of topics, the schemas and `ops/drawn/contract_terms.py` by `make pages`;
`make check` compares. [Facts for analysts](guides/analysts.md) says how to read the topics. Each
contract is a file in the form of the Open Data Contract Standard, version 3.1, with every field.
"""


class Lines(yaml.SafeDumper):
    """Writes a query line by line, and says again what is said again."""

    @override
    def ignore_aliases(self, data: object) -> bool:
        return True


def _lines(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = "|" if "\n" in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


Lines.add_representer(str, _lines)


def contract_pages() -> dict[str, str]:
    """Return the files below docs/."""
    catalogue = load()
    pages = {f"{FOLDER}/{_file(terms)}": _text(_contract(terms, catalogue)) for terms in TERMS}
    return {**pages, "data-contracts.md": _page()}


def _file(terms: Terms) -> str:
    return f"{terms.topic.name}.odcs.yaml"


def _text(document: Document) -> str:
    return yaml.dump(document, Dumper=Lines, sort_keys=False, allow_unicode=True, width=100)


def _contract(terms: Terms, catalogue: Catalogue) -> Document:
    topic = terms.topic
    return {
        "version": VERSION,
        "apiVersion": STANDARD,
        "kind": "DataContract",
        "id": f"wallet-ledger:{topic.name}",
        "name": topic.name,
        "status": "active",
        "domain": "ledger",
        "description": {"purpose": terms.purpose, "usage": f"{topic.note}.", "limitations": LIMITS},
        "servers": [
            {
                "server": "brokers",
                "type": "kafka",
                "host": "127.0.0.1:9092",
                "format": "avro",
                "description": "Of a local stack; elsewhere what LEDGER_KAFKA says.",
            }
        ],
        "schema": [_schema(terms, catalogue)],
        "slaProperties": [_retention(topic)],
        "team": {
            "name": "Wallet ledger",
            "description": f"Written by {topic.written_by}; nobody else may.",
            "members": [{"username": OWNERS, "role": "owner"}],
        },
        "roles": [{"role": "analyst", "access": "read"}],
        "customProperties": _said(
            isolationLevels=[each._asdict() for each in ISOLATION],
            ordering=ORDER,
            deduplication={"field": terms.identity, "repeat": terms.repeat},
        ),
    }


def _schema(terms: Terms, catalogue: Catalogue) -> Document:
    fullname = _fullname(terms.topic)
    fields = documented(fullname, catalogue)["fields"]
    assert isinstance(fields, list), "a record has fields"
    return {
        "name": table_of(terms.topic),
        "physicalName": terms.topic.name,
        "physicalType": "topic",
        "logicalType": "object",
        "description": catalogue.record(fullname).doc,
        "dataGranularityDescription": terms.grain,
        "properties": [_property(each, terms.identity) for each in fields],
        "quality": [*_queries(terms), _whole()],
        "customProperties": _said(
            recordKey=terms.topic.key,
            record=fullname,
            schemaId=read_lock()[fullname][-1].schema_id,
            cleanupPolicy="compact" if terms.topic.compacted else "delete",
        ),
    }


def _fullname(topic: Topic) -> str:
    assert topic.message is not None, "facts have schemas"
    return NAMES[topic.message]


def _property(field: Mapping[str, object], identity: str) -> Document:
    kind = field["type"]
    optional = isinstance(kind, list)
    if isinstance(kind, list):
        kind = kind[-1]
    bare, logical = (str(kind), "")
    if isinstance(kind, dict):
        bare, logical = str(kind["type"]), str(kind["logicalType"])
    said: Document = {
        "name": field["name"],
        "logicalType": LOGICAL.get(logical) or LOGICAL[bare],
        "physicalType": f"{bare} ({logical})" if logical else bare,
        "description": field["doc"],
        "required": not optional,
    }
    if field["name"] != identity:
        return said
    rule = {"name": "once", "type": "library", "metric": "duplicateValues", "mustBe": 0}
    rule |= {"dimension": "uniqueness", "description": "As soon as repeats are dropped."}
    return {**said, "unique": True, "primaryKey": True, "primaryKeyPosition": 1, "quality": [rule]}


def _queries(terms: Terms) -> list[Document]:
    return [
        {
            "name": rule.name,
            "type": "sql",
            "dimension": rule.dimension,
            "severity": "error",
            "description": rule.about,
            "query": rule.query,
            "mustBe": 0,
        }
        for rule in terms.rules
    ]


def _whole() -> Document:
    return {
        "name": "the_topics_are_the_log",
        "type": "custom",
        "engine": "ledgerctl",
        "implementation": CHECK,
        "dimension": "completeness",
        "severity": "error",
        "description": "Every record is what the log says, and none is missing; exit code 0.",
    }


def _retention(topic: Topic) -> Document:
    said: Document = {"property": "retention"}
    if topic.retention_ms < 0:
        kept = "the latest record of each key, for ever" if topic.compacted else "for ever"
        return {**said, "value": kept}
    return {**said, "value": topic.retention_ms // DAY_MS, "unit": "d"}


def _said(**properties: object) -> list[Document]:
    return [{"property": name, "value": value} for name, value in properties.items()]


def _page() -> str:
    lines = [
        PAGE,
        "| contract | one record for | key | a repeat has the same |",
        "|---|---|---|---|",
    ]
    for terms in TERMS:
        link = f"[`{terms.topic.name}`]({FOLDER}/{_file(terms)})"
        key = terms.topic.key.replace("|", "\\|")
        lines.append(f"| {link} | {terms.grain} | {key} | `{terms.identity}` |")
    lines += ["", "## Order and repeats", "", ORDER, ""]
    lines += [f"- `{terms.topic.name}`: {terms.repeat}" for terms in TERMS]
    lines += ["", "## Isolation levels", "", "| level | a reader sees | so |", "|---|---|---|"]
    lines += [f"| `{each.level}` | {each.sees} | {each.so} |" for each in ISOLATION]
    lines += ["", "## Rules of quality", ""]
    lines += [
        f"The SQL is in the contracts; `{CHECK}` compares the whole with the log.",
        "",
    ]
    lines += ["| topic | rule | what holds |", "|---|---|---|"]
    lines += [
        f"| `{terms.topic.name}` | {rule.name.replace('_', ' ')} | {rule.about} |"
        for terms in TERMS
        for rule in terms.rules
    ]
    return "\n".join(lines) + "\n"
