"""The HTTP interface as a page, made of docs/openapi.json.

Owns: how a route and a schema are shown.
Never: says what the document does not.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any, Final

from ops.site.tables import table

Node = Mapping[str, Any]

TITLE: Final = "# HTTP routes"
ABOUT: Final = """\
Made of [openapi.json](../openapi.json), OpenAPI 3.1, for programs. How to use it is in
[the guide](../guides/http.md)."""
BEHIND: Final = "/v1/wallets/{wallet_id}/"
FIELDS: Final = ("field", "type", "needed", "what it is")
PARAMETERS: Final = ("parameter", "in", "type", "needed", "what it is")


def http_page(document: Node) -> str:
    """Return the page."""
    operations = [
        (method, path, operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]
    shared = _shared([each for method, _, each in operations if method == "post"])
    lines = [TITLE, "", ABOUT, "", "## Of every write", "", *_parameters(shared)]
    groups: dict[str, list[str]] = defaultdict(list)
    for method, path, operation in operations:
        own = [each for each in operation.get("parameters", ()) if each not in shared]
        groups[_group(path)] += _operation(method, path, operation, own)
    for name, shown in groups.items():
        lines += [f"## {name}", "", *shown]
    lines += ["## Schemas", ""]
    for name, schema in document["components"]["schemas"].items():
        lines += _schema(name, schema)
    return "\n".join(lines)


def _shared(writes: list[Node]) -> list[Node]:
    return [
        each
        for each in writes[0].get("parameters", ())
        if all(each in other.get("parameters", ()) for other in writes)
    ]


def _group(path: str) -> str:
    return path.removeprefix(BEHIND).split("/")[0] if path.startswith(BEHIND) else "wallets"


def _operation(method: str, path: str, operation: Node, parameters: list[Node]) -> list[str]:
    lines = [f"### {operation['summary']}", "", f"`{method.upper()} {path}`", ""]
    if operation.get("description"):
        lines += [operation["description"], ""]
    lines += _parameters(parameters)
    body = operation.get("requestBody")
    if body is not None:
        lines += _fields(body["content"]["application/json"]["schema"])
    for code, answer in operation["responses"].items():
        kinds = [_kind(each["schema"]) for each in answer.get("content", {}).values()]
        lines.append(f"- {code}: {', '.join((answer['description'], *kinds))}")
    return [*lines, ""]


def _parameters(parameters: list[Node]) -> list[str]:
    return table(
        PARAMETERS,
        (
            (
                f"`{each['name']}`",
                each["in"],
                _kind(each["schema"]),
                _needed(needed=each.get("required", False)),
                each.get("description", ""),
            )
            for each in parameters
        ),
    )


def _schema(name: str, schema: Node) -> list[str]:
    lines = [f"### {name}", ""]
    if schema.get("description"):
        lines += [schema["description"], ""]
    return lines + (_fields(schema) if "properties" in schema else [_kind(schema), ""])


def _fields(schema: Node) -> list[str]:
    if "$ref" in schema:
        return [f"Body: {_kind(schema)}", ""]
    return table(
        FIELDS,
        (
            (
                f"`{name}`",
                _kind(field),
                _needed(needed=name in schema.get("required", ())),
                field.get("description", ""),
            )
            for name, field in schema.get("properties", {}).items()
        ),
    )


def _needed(*, needed: bool) -> str:
    return "yes" if needed else ""


def _kind(schema: Node) -> str:
    """Say a type in words."""
    if "$ref" in schema:
        name = schema["$ref"].rsplit("/", 1)[-1]
        return f"[{name}](#{name.lower()})"
    for choice in ("anyOf", "oneOf"):
        if choice in schema:
            return " or ".join(_kind(each) for each in schema[choice])
    if "const" in schema:
        return f"`{schema['const']}`"
    if "enum" in schema:
        return ", ".join(f"`{each}`" for each in schema["enum"])
    if schema.get("type") == "array":
        return f"list of {_kind(schema.get('items', {}))}"
    bounds = (f"`{schema[each]}`" for each in ("pattern", "format") if each in schema)
    return " ".join((str(schema.get("type", "anything")), *bounds))
