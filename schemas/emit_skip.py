"""Partial decoders: Python source that reads one record but steps over some of its fields.

Owns: the form of stepping over; what stands in an omitted field's place.
Never: reads files, runs what it writes.

A field stepped over is only measured: its lengths, counts, branches and end are checked as ever,
its symbols, currencies and UTF-8 are not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from schemas.emit_decode import NEAR, read_lines, snake
from schemas.model import (
    Choice,
    Enumeration,
    Maybe,
    Named,
    Primitive,
    Record,
    SchemaError,
    Sequence,
    Type,
    name_of,
)

if TYPE_CHECKING:
    from schemas.model import Catalogue

# What a fold of the log never asks a Decision for, nor who sends its outputs again.
PARTLY = {
    "ledger.decisions.Decision": ("ledger_id", "policy_version", "ruleset_hash", "risk", "entries")
}
EMPTY = {"string": '""', "bytes": 'b""'}


def partial_function(record: Record, omitted: tuple[str, ...], catalogue: Catalogue) -> list[str]:
    """Return the lines of `decode_<record>_partly`, and of what it steps over."""
    name = name_of(record.fullname)
    lines: list[str] = []
    steps: dict[str, list[str]] = {}
    made = []
    for field in record.fields:
        if field.name in omitted:
            lines += _skip(field.type, catalogue, steps)
            made.append(_empty(field.type))
        else:
            lines += read_lines(field.type, f"f_{field.name}", catalogue)
            made.append(f"f_{field.name}")
    return [
        *(line for each in steps.values() for line in each),
        f"def decode_{snake(name)}_partly(buf: bytes, pos: int) -> tuple[{name}, int]:",
        f'    """Read one {name}, but leave empty: {", ".join(omitted)}."""',
        "    try:",
        *(f"        {line}" for line in lines),
        "    except (LookupError, ValueError) as cause:",
        f'        unreadable("{name}", buf, pos, cause)',
        f"    return {name}({', '.join(made)}), pos",
        "",
    ]


def _empty(kind: Type) -> str:
    if isinstance(kind, Maybe):
        return "None"
    if isinstance(kind, Sequence):
        return "()"
    if isinstance(kind, Primitive) and kind.kind in EMPTY:
        return EMPTY[kind.kind]
    raise SchemaError(f"{kind}: nothing can stand in its place")


def _skip(kind: Type, catalogue: Catalogue, steps: dict[str, list[str]]) -> list[str]:
    if isinstance(kind, Primitive):
        return _primitive(kind)
    if isinstance(kind, Named):
        return _named(kind, catalogue, steps)
    if isinstance(kind, Choice):
        raise SchemaError(f"{kind.alias}: a union of records is never stepped over")
    if isinstance(kind, Maybe):
        return [
            "b = buf[pos]",
            "pos += 1",
            "if b == 2:",
            *(f"    {line}" for line in _skip(kind.inner, catalogue, steps)),
            "elif b != 0:",
            "    raise KeyError(b)",
        ]
    return [
        "while (b := buf[pos]) != 0:",
        "    if b < 128 and not b & 1:",
        "        count = b >> 1",
        "        pos += 1",
        "    else:",
        "        count, pos = read_count(buf, pos)",
        "    for _ in range(count):",
        *(f"        {line}" for line in _skip(kind.item, catalogue, steps)),
        "pos += 1",
    ]


def _primitive(kind: Primitive) -> list[str]:
    if kind.kind == "boolean":
        return ["pos += 1"]
    if kind.kind in {"int", "long"}:
        return ["while buf[pos] >= 128:", "    pos += 1", "pos += 1"]
    return [
        "b = buf[pos]",
        "if b < 128:",
        "    pos += 1 + LENGTH[b]",
        "else:",
        "    _, pos = read_length(buf, pos)",
    ]


def _named(kind: Named, catalogue: Catalogue, steps: dict[str, list[str]]) -> list[str]:
    found = catalogue.definitions[kind.fullname]
    name = f"_skip_{snake(name_of(kind.fullname))}"
    if isinstance(found, Enumeration):
        assert len(found.symbols) <= NEAR, f"{kind.fullname} takes more than one byte"
        return ["pos += 1"]
    if name not in steps:
        body = [line for field in found.fields for line in _skip(field.type, catalogue, steps)]
        steps[name] = [
            f"def {name}(buf: bytes, pos: int) -> int:",
            *(f"    {line}" for line in body),
            "    return pos",
            "",
        ]
    return [f"pos = {name}(buf, pos)"]
