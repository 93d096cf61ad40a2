"""Decoders: Python source that reads one record's Avro bytes.

Owns: the straight-line form of reading; the names both directions share.
Never: reads files, runs what it writes.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from schemas.emit_classes import annotation
from schemas.model import (
    Choice,
    Enumeration,
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

# A branch or symbol below this number is one byte.
NEAR = 64
# And below this one two: more nobody has.
BRANCHES_MAX = 8_192


def snake(name: str) -> str:
    """Return `open_wallet` for `OpenWallet`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


def symbols_table(name: str) -> str:
    """Return the name of the table of an enum's members by the number on the wire."""
    return f"{snake(name).upper()}_SYMBOLS"


def decode_function(record: Record, catalogue: Catalogue) -> list[str]:
    """Return the lines of `decode_<record>`."""
    name = name_of(record.fullname)
    lines: list[str] = []
    for field in record.fields:
        lines += read_lines(field.type, f"f_{field.name}", catalogue)
    made = ", ".join(f"f_{field.name}" for field in record.fields)
    return [
        f"def decode_{snake(name)}(buf: bytes, pos: int) -> tuple[{name}, int]:",
        f'    """Read one {name} from `pos`; return it and the position behind it."""',
        "    try:",
        *(f"        {line}" for line in lines or ["pass"]),
        "    except (LookupError, ValueError) as cause:",
        f'        unreadable("{name}", buf, pos, cause)',
        f"    return {name}({made}), pos",
        "",
    ]


def read_lines(kind: Type, target: str, catalogue: Catalogue) -> list[str]:
    """Return the lines that read one value from `pos` into `target`."""
    if isinstance(kind, Primitive):
        return _primitive(kind, target)
    if isinstance(kind, Named):
        return _named(kind, target, catalogue)
    if isinstance(kind, Sequence):
        return _sequence(kind, target, catalogue)
    if isinstance(kind, Choice):
        return _choice(kind, target)
    return [
        "b = buf[pos]",
        "if b == 0:",
        f"    {target}: {annotation(kind)} = None",
        "    pos += 1",
        "elif b == 2:",
        "    pos += 1",
        *(f"    {line}" for line in read_lines(kind.inner, target, catalogue)),
        "else:",
        "    raise KeyError(b)",
    ]


def _primitive(kind: Primitive, target: str) -> list[str]:
    if kind.kind == "boolean":
        return [f"{target} = FLAG[buf[pos]]", "pos += 1"]
    if kind.logical == "timestamp-micros":
        return [f"{target}, pos = read_timestamp(buf, pos)"]
    if kind.kind in {"int", "long"}:
        return [
            "b = buf[pos]",
            "if b < 128:",
            f"    {target} = UNZIGZAG[b]",
            "    pos += 1",
            "elif (c := buf[pos + 1]) < 128:",
            f"    {target} = UNZIGZAG_PAIR[(c << 7) + b]",
            "    pos += 2",
            "elif (e := buf[pos + 2]) < 128:",
            f"    {target} = ((n := b + (c << 7) + (e << 14) - 0x4080) >> 1) ^ -(n & 1)",
            "    pos += 3",
            "else:",
            f"    {target}, pos = read_{kind.kind}(buf, pos)",
        ]
    if kind.logical == "iso-4217":
        return [
            "pos += 4",
            "try:",
            f"    {target} = CURRENCY_TEXTS[buf[pos - 4 : pos]]",
            "except KeyError:",
            f"    {target}, pos = read_string(buf, pos - 4)",
        ]
    return [
        "b = buf[pos]",
        "if b < 128:",
        "    pos += 1",
        "    end = pos + LENGTH[b]",
        "else:",
        "    pos, end = read_length(buf, pos)",
        f"{target} = buf[pos:end]{'.decode()' if kind.kind == 'string' else ''}",
        "pos = end",
    ]


def _named(kind: Named, target: str, catalogue: Catalogue) -> list[str]:
    found = catalogue.definitions[kind.fullname]
    name = name_of(kind.fullname)
    if not isinstance(found, Enumeration):
        return [f"{target}, pos = decode_{snake(name)}(buf, pos)"]
    if len(found.symbols) <= NEAR:
        return [f"{target} = {symbols_table(name)}[buf[pos]]", "pos += 1"]
    return [
        "n, pos = read_long(buf, pos)",
        f"{target} = {symbols_table(name)}[n << 1]",
    ]


def _sequence(kind: Sequence, target: str, catalogue: Catalogue) -> list[str]:
    if isinstance(kind.item, Named):
        found = catalogue.definitions[kind.item.fullname]
        if isinstance(found, Record) and not found.fields:
            raise SchemaError(f"{kind.item.fullname}: an array of empty records has no bound")
    item = f"{target}_item"
    return [
        f"{target}_list: list[{annotation(kind.item)}] = []",
        "while (b := buf[pos]) != 0:",
        "    if b < 128 and not b & 1:",
        "        count = b >> 1",
        "        pos += 1",
        "    else:",
        "        count, pos = read_count(buf, pos)",
        "    for _ in range(count):",
        *(f"        {line}" for line in _item(kind.item, item, catalogue)),
        f"        {target}_list.append({item})",
        "pos += 1",
        f"{target} = tuple({target}_list)",
    ]


def _item(kind: Type, target: str, catalogue: Catalogue) -> list[str]:
    """Read one item of an array; a record of plain fields in place, which saves a call."""
    found = catalogue.definitions[kind.fullname] if isinstance(kind, Named) else None
    if not isinstance(found, Record) or not all(is_plain(f.type, catalogue) for f in found.fields):
        return read_lines(kind, target, catalogue)
    names = [f"{target}_{field.name}" for field in found.fields]
    lines: list[str] = []
    for field, name in zip(found.fields, names, strict=True):
        lines += read_lines(field.type, name, catalogue)
    return [*lines, f"{target} = {name_of(found.fullname)}({', '.join(names)})"]


def is_plain(kind: Type, catalogue: Catalogue) -> bool:
    """Say whether a value needs no function of its own."""
    if isinstance(kind, Named):
        return isinstance(catalogue.definitions[kind.fullname], Enumeration)
    return isinstance(kind, Primitive)


def _choice(kind: Choice, target: str) -> list[str]:
    table = f"{kind.alias.upper()}_READERS"
    if not kind.nullable:
        return [f"{target}, pos = {table}[buf[pos]](buf, pos + 1)"]
    return [
        "b = buf[pos]",
        "if b == 0:",
        f"    {target}: {annotation(kind)} = None",
        "    pos += 1",
        "else:",
        f"    {target}, pos = {table}[b](buf, pos + 1)",
    ]
