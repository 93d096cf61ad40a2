"""Every topic as a page, made of docs/asyncapi.json.

Owns: how a topic and the fields of its records are shown.
Never: says what the document does not.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ops.site.tables import table

Node = Mapping[str, Any]

TITLE: Final = "# Topics"
ABOUT: Final = """\
Made of [asyncapi.json](../asyncapi.json), AsyncAPI 3.0, for programs, which has every schema
whole."""
DAY_MS: Final = 86_400_000
NAMED: Final = 8  # a union of more is counted: what a command asks is one of dozens


def topics_page(document: Node) -> str:
    """Return the page."""
    lines = [TITLE, "", ABOUT, "", document["info"]["description"], ""]
    messages = document["components"]["messages"]
    for name, channel in document["channels"].items():
        message = messages[channel["messages"]["record"]["$ref"].rsplit("/", 1)[-1]]
        about = channel["description"]
        lines += [f"## {name}", "", about[0].upper() + about[1:], "", _kept(channel), ""]
        lines += [f"**{message['name']}**: {message['summary']}", ""]
        lines += _fields(message["payload"].get("schema", {}))
    return "\n".join(lines)


def _kept(channel: Node) -> str:
    config = channel["bindings"]["kafka"]["topicConfiguration"]
    if config["cleanup.policy"] == ["compact"]:
        return "Compacted: the latest record of each key is kept."
    kept = config["retention.ms"]
    return "Kept for ever." if kept < 0 else f"Kept for {kept // DAY_MS} days."


def _fields(schema: Node) -> list[str]:
    return table(
        ("field", "type", "what it is"),
        (
            (f"`{field['name']}`", _kind(field["type"]), field.get("doc", ""))
            for field in schema.get("fields", ())
        ),
    )


def _kind(kind: object) -> str:
    """Say an Avro type in words; records and enumerations by their names."""
    if isinstance(kind, list):
        if len(kind) > NAMED:
            return f"one of {len(kind)} records"
        return " or ".join(_kind(each) for each in kind)
    if not isinstance(kind, dict):
        return str(kind).rsplit(".", 1)[-1]
    if kind["type"] == "array":
        return f"list of {_kind(kind['items'])}"
    if "name" in kind:
        return str(kind["name"])
    return " ".join(str(kind[each]) for each in ("type", "logicalType") if each in kind)
