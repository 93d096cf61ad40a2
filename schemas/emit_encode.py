"""Encoders: Python source that writes one record's Avro bytes.

Owns: the straight-line form of writing.
Never: reads files, runs what it writes.

Fields that are one expression are collected into one `out += (...)`; records, arrays and unions
break the run.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from schemas.emit_decode import BRANCHES_MAX, NEAR, is_plain, snake
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

# What the straight-line code raises by itself when a value is not of its type.
REFUSALS = "(ArithmeticError, AttributeError, LookupError, TypeError, ValueError)"
OPTIONAL_CALLS = {"int": "int_bytes", "string": "string_bytes", "bytes": "blob_bytes"}


def encode_function(record: Record, catalogue: Catalogue) -> list[str]:
    """Return the lines of `encode_<record>`."""
    name = name_of(record.fullname)
    body = _Body(catalogue)
    for field in record.fields:
        body.write(field.type, f"value.{field.name}", f"f_{field.name}", 2)
    body.flush(2)
    return [
        f"def encode_{snake(name)}(out: list[bytes], value: {name}) -> None:",
        f'    """Append the bytes of one {name}."""',
        "    try:",
        *(body.lines or ["        pass"]),
        f"    except {REFUSALS} as cause:",
        f'        unwritable("{name}", value, cause)',
        "",
    ]


def branch_tables(choice: Choice) -> list[str]:
    """Return the tables of a union: writers by type and readers by the branch's first byte."""
    if len(choice.branches) + choice.nullable > BRANCHES_MAX:
        raise SchemaError(f"{choice.alias}: more than {BRANCHES_MAX} branches")
    first = int(choice.nullable)
    names = list(enumerate(map(name_of, choice.branches), first))
    table = choice.alias.upper()
    writer = "tuple[bytes, Callable[[list[bytes], Any], None]]"
    reader = f"Callable[[bytes, int], tuple[{choice.alias}, int]]"
    near = [(at << 1, f"decode_{snake(name)}") for at, name in names if at < NEAR]
    far = [(at << 1, f"decode_{snake(name)}") for at, name in names if at >= NEAR]
    firsts = sorted({each & 127 | 128 for each, _ in far})
    behind = f"decode_far_{snake(choice.alias)}"
    return [
        f"{table}_WRITERS: Final[dict[type, {writer}]] = {{",
        *(f"    {name}: (SMALL[{at}], encode_{snake(name)})," for at, name in names),
        "}",
        *(_far_branches(choice, far, reader) if far else ()),
        f"{table}_READERS: Final[dict[int, {reader}]] = {{",
        *(f"    {at}: {function}," for at, function in [*near, *((at, behind) for at in firsts)]),
        "}",
        "",
    ]


def _far_branches(choice: Choice, far: list[tuple[int, str]], reader: str) -> list[str]:
    """Return what reads branches of two bytes; those of one byte do not come by here."""
    table = f"FAR_{choice.alias.upper()}_READERS"
    behind = f"decode_far_{snake(choice.alias)}"
    return [
        f"{table}: Final[dict[int, {reader}]] = {{",
        *(f"    {at}: {function}," for at, function in far),
        "}",
        "",
        f"def {behind}(buf: bytes, pos: int) -> tuple[{choice.alias}, int]:",
        '    """Read a branch whose number has two bytes; `pos` is behind the first."""',
        f"    return {table}[buf[pos - 1] & 127 | buf[pos] << 7](buf, pos + 1)",
        "",
    ]


class _Body:
    """Lines of one function under construction."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.lines: list[str] = []
        self._catalogue = catalogue
        self._run: list[str] = []

    def write(self, kind: Type, value: str, local: str, depth: int) -> None:
        """Add what writes one value."""
        if (pieces := self._pieces(kind, value, local)) is not None:
            self._run += pieces
        elif isinstance(kind, Sequence):
            self._sequence(kind, value, local, depth)
        elif isinstance(kind, Choice):
            self._choice(kind, value, local, depth)
        elif isinstance(kind, Named):
            self._record(kind, value, local, depth)
        elif isinstance(kind, Maybe):
            self._maybe(kind, value, local, depth)

    def flush(self, depth: int) -> None:
        """Write out the run of single expressions."""
        if len(self._run) == 1:
            self.lines.append(f"{'    ' * depth}out.append({self._run[0]})")
        elif self._run:
            self.lines.append(f"{'    ' * depth}out += ({', '.join(self._run)})")
        self._run = []

    def _say(self, depth: int, *lines: str) -> None:
        self.flush(depth)
        self.lines += ["    " * depth + line for line in lines]

    def _pieces(self, kind: Type, value: str, local: str) -> list[str] | None:
        if isinstance(kind, Primitive):
            return _primitive(kind, value)
        if isinstance(kind, Named) and self._is_enum(kind):
            name = name_of(kind.fullname)
            test = f"({local} := {value}).__class__ is {name}"
            wrong = f'wrong_symbol({local}, "{local[2:]}", "{name}")'
            return [f"SMALL[{local}.index] if {test} else {wrong}"]
        if isinstance(kind, Maybe):
            inner = self._some(kind.inner, local)
            return [f"NULL if ({local} := {value}) is None else SOME + {inner}"] if inner else None
        return None

    def _some(self, kind: Type, local: str) -> str | None:
        if isinstance(kind, Primitive):
            if kind.kind == "boolean":
                return f"FLAG_BYTES[{local}]"
            return f"{OPTIONAL_CALLS.get(kind.kind, 'long_bytes')}({local})"
        if isinstance(kind, Named) and self._is_enum(kind):
            name = name_of(kind.fullname)
            return (
                f"(SMALL[{local}.index] if {local}.__class__ is {name} "
                f'else wrong_symbol({local}, "{local[2:]}", "{name}"))'
            )
        return None

    def _is_enum(self, kind: Named) -> bool:
        return isinstance(self._catalogue.definitions[kind.fullname], Enumeration)

    def _sequence(self, kind: Sequence, value: str, local: str, depth: int) -> None:
        self._run.append(f"SMALL[n] if (n := len({local} := {value})) < 8192 else long_bytes(n)")
        self._say(depth, f"if {local}:", f"    for {local}_item in {local}:")
        self.write(kind.item, f"{local}_item", f"{local}_each", depth + 2)
        self.flush(depth + 2)
        self._say(depth + 1, "out.append(NULL)")

    def _choice(self, kind: Choice, value: str, local: str, depth: int) -> None:
        extra = 0
        self._say(depth, f"{local} = {value}")
        if kind.nullable:
            self._say(depth, f"if {local} is None:", "    out.append(NULL)", "else:")
            extra = 1
        self._say(
            depth + extra,
            f"{local}_branch, {local}_write = {kind.alias.upper()}_WRITERS[{local}.__class__]",
            f"out.append({local}_branch)",
            f"{local}_write(out, {local})",
        )

    def _record(self, kind: Named, value: str, local: str, depth: int) -> None:
        """Write a record; one of plain fields in place, which saves a call."""
        fields = self._catalogue.record(kind.fullname).fields
        if all(is_plain(field.type, self._catalogue) for field in fields):
            for field in fields:
                self.write(field.type, f"{value}.{field.name}", f"{local}_{field.name}", depth)
        else:
            self._say(depth, f"encode_{snake(name_of(kind.fullname))}(out, {value})")

    def _maybe(self, kind: Maybe, value: str, local: str, depth: int) -> None:
        self._say(
            depth, f"{local} = {value}", f"if {local} is None:", "    out.append(NULL)", "else:"
        )
        self._run.append("SOME")
        self.write(kind.inner, local, f"{local}_some", depth + 1)
        self.flush(depth + 1)


def _primitive(kind: Primitive, value: str) -> list[str]:
    if kind.kind == "boolean":
        return [f"FLAG_BYTES[{value}]"]
    if kind.logical == "timestamp-micros":
        return [f"long_bytes({value})"]
    if kind.kind in {"int", "long"}:
        return [f"SMALL[n] if -64 <= (n := {value}) < 8192 else {kind.kind}_bytes(n)"]
    if kind.logical == "iso-4217":
        return [f"c if (c := CURRENCY_BYTES.get({value})) is not None else string_bytes({value})"]
    data = f"{value}.encode()" if kind.kind == "string" else value
    return [f"SMALL[n] if (n := len(d := {data})) < 8192 else long_bytes(n)", "d"]
