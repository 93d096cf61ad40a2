"""Model of the `.avsc` files: what the generator, the registry and the tests read.

Owns: the subset of Avro this project uses, checked while loading; the order of types.
Never: writes code, touches bytes of messages.

One file per named type, named `<namespace>.<Name>.avsc`. References across files use full
names; loading sorts the types so that each comes after everything it refers to.
"""

from __future__ import annotations

import json
import keyword
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

AVRO_FOLDER = Path(__file__).parent / "avro"

PrimitiveKind = Literal["boolean", "int", "long", "string", "bytes"]
PRIMITIVES: tuple[PrimitiveKind, ...] = ("boolean", "int", "long", "string", "bytes")


class SchemaError(Exception):
    """An `.avsc` file is outside the subset this project uses."""


@dataclass(frozen=True)
class Primitive:
    """A leaf type; `logical` is carried for readers and ignored by the codec."""

    kind: PrimitiveKind
    logical: str = ""


@dataclass(frozen=True)
class Named:
    """A reference to a record or an enum by full name."""

    fullname: str


@dataclass(frozen=True)
class Sequence:
    """An Avro array."""

    item: Type


@dataclass(frozen=True)
class Maybe:
    """A union of null (first) and one other type."""

    inner: Type


@dataclass(frozen=True)
class Choice:
    """A union of records, optionally starting with null."""

    alias: str
    branches: tuple[str, ...]
    nullable: bool


Type = Primitive | Named | Sequence | Maybe | Choice


@dataclass(frozen=True)
class Field:
    """One field of a record; `default` is the JSON value when `has_default`."""

    name: str
    doc: str
    type: Type
    has_default: bool
    default: object


@dataclass(frozen=True)
class Record:
    """A named record."""

    fullname: str
    doc: str
    fields: tuple[Field, ...]
    subject: bool
    source: Mapping[str, object]


@dataclass(frozen=True)
class Enumeration:
    """A named enum; the wire carries the position of the symbol."""

    fullname: str
    doc: str
    symbols: tuple[str, ...]
    default: str
    source: Mapping[str, object]


Definition = Record | Enumeration


@dataclass(frozen=True)
class Catalogue:
    """Every definition by full name, each after what it refers to."""

    definitions: Mapping[str, Definition]

    def record(self, fullname: str) -> Record:
        """Return the record of that name."""
        found = self.definitions[fullname]
        if not isinstance(found, Record):
            raise SchemaError(f"{fullname} is not a record")
        return found

    def subjects(self) -> tuple[Record, ...]:
        """Return the records that appear alone as a record value or stored row."""
        return tuple(
            each for each in self.definitions.values() if isinstance(each, Record) and each.subject
        )

    def modules(self) -> Mapping[str, tuple[Definition, ...]]:
        """Group definitions by generated module, in order of first dependency."""
        groups: dict[str, list[Definition]] = {}
        for definition in self.definitions.values():
            groups.setdefault(module_of(definition.fullname), []).append(definition)
        return {name: tuple(found) for name, found in sorted(groups.items())}


def load(folder: Path = AVRO_FOLDER) -> Catalogue:
    """Read and check every `.avsc` file of a folder."""
    parsed: dict[str, Definition] = {}
    for path in sorted(folder.glob("*.avsc")):
        definition = _definition(json.loads(path.read_text(encoding="utf-8")), path.name)
        parsed[definition.fullname] = definition
    ordered: dict[str, Definition] = {}
    for fullname in parsed:
        _place(fullname, parsed, ordered, ())
    return Catalogue(ordered)


def module_of(fullname: str) -> str:
    """Return the generated module: the last part of the namespace."""
    return fullname.split(".")[-2]


def name_of(fullname: str) -> str:
    """Return the last part of a full name."""
    return fullname.rsplit(".", 1)[-1]


def references(kind: Type) -> Iterator[str]:
    """Yield the full names a type refers to."""
    if isinstance(kind, Named):
        yield kind.fullname
    elif isinstance(kind, Choice):
        yield from kind.branches
    elif isinstance(kind, Sequence):
        yield from references(kind.item)
    elif isinstance(kind, Maybe):
        yield from references(kind.inner)


def choices(record: Record) -> Iterator[Choice]:
    """Yield the unions of records that a record's fields declare."""
    for field in record.fields:
        kind = field.type
        while isinstance(kind, Sequence | Maybe):
            kind = kind.item if isinstance(kind, Sequence) else kind.inner
        if isinstance(kind, Choice):
            yield kind


def _place(
    fullname: str,
    parsed: Mapping[str, Definition],
    ordered: dict[str, Definition],
    path: tuple[str, ...],
) -> None:
    if fullname in ordered:
        return
    if fullname in path:
        raise SchemaError(f"{fullname} refers to itself through {' > '.join(path)}")
    definition = parsed.get(fullname)
    if definition is None:
        raise SchemaError(f"{path[-1]} refers to {fullname}, which has no file")
    if isinstance(definition, Record):
        for field in definition.fields:
            for reference in references(field.type):
                _place(reference, parsed, ordered, (*path, fullname))
    ordered[fullname] = definition


def _definition(source: Mapping[str, object], filename: str) -> Definition:
    fullname = f"{source.get('namespace')}.{source.get('name')}"
    if filename != f"{fullname}.avsc" or fullname.count(".") < 2:  # noqa: PLR2004 - a.b.Name
        raise SchemaError(
            f"{filename} must be named {fullname}.avsc, namespace of two parts or more"
        )
    doc = _text(source, "doc", fullname)
    if source.get("type") == "enum":
        symbols = _items(source, "symbols", fullname)
        default = _text(source, "default", fullname)
        if default not in symbols:
            raise SchemaError(f"{fullname}: default {default} is not a symbol")
        return Enumeration(fullname, doc, tuple(map(str, symbols)), default, source)
    if source.get("type") != "record":
        raise SchemaError(f"{fullname}: only records and enums are used here")
    fields = tuple(_field(each, fullname) for each in _items(source, "fields", fullname))
    return Record(fullname, doc, fields, source.get("subject") is True, source)


def _field(source: object, owner: str) -> Field:
    if not isinstance(source, dict):
        raise SchemaError(f"{owner}: a field must be an object")
    name = _text(source, "name", owner)
    where = f"{owner}.{name}"
    if keyword.iskeyword(name) or name.startswith("_"):
        raise SchemaError(f"{where}: not usable as a Python attribute")
    alias = str(source.get("alias", ""))
    kind = _type(source.get("type"), where, alias)
    return Field(
        name, _text(source, "doc", where), kind, "default" in source, source.get("default")
    )


def _type(source: object, where: str, alias: str) -> Type:
    if isinstance(source, str):
        if source in PRIMITIVES:
            return Primitive(source)
        if "." in source:
            return Named(source)
    elif isinstance(source, list):
        return _union([_branch(each) for each in source], source, where, alias)
    elif isinstance(source, dict) and source.get("type") == "array":
        return Sequence(_type(source.get("items"), where, alias))
    elif isinstance(source, dict) and source.get("type") in PRIMITIVES:
        return Primitive(source["type"], str(source.get("logicalType", "")))
    raise SchemaError(f"{where}: type {source!r} is not used here; references need a full name")


def _branch(source: object) -> str:
    return source if isinstance(source, str) else ""


def _union(names: list[str], source: list[object], where: str, alias: str) -> Type:
    nullable = names[:1] == ["null"]
    if nullable and len(names) == 2 and not alias:  # noqa: PLR2004 - null and one other
        return Maybe(_type(source[1], where, ""))
    branches = tuple(names[1:] if nullable else names)
    if not alias or not branches or any("." not in each for each in branches):
        raise SchemaError(f'{where}: a union is ["null", X], or records with an "alias"')
    return Choice(alias, branches, nullable)


def _text(source: Mapping[str, object], key: str, where: str) -> str:
    found = source.get(key)
    if not isinstance(found, str) or not found:
        raise SchemaError(f"{where}: {key} is missing")
    return found


def _items(source: Mapping[str, object], key: str, where: str) -> list[object]:
    found = source.get(key)
    if not isinstance(found, list):
        raise SchemaError(f"{where}: {key} is missing")
    return found
