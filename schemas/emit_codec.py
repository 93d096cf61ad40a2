"""Codec: straight-line Avro encoders and decoders as Python source.

Owns: the shape of the generated code, chosen by measurement (see below).
Never: reads files, runs what it writes.

What was measured on CPython 3.11, per record:
- encoding collects pieces in one list, a run of fields by one `+=` of a tuple, and joins once;
- decoding passes (bytes, position) and returns (record, position); no cursor object;
- one-byte numbers and lengths come from tables in place, longer ones from `schemas.wire`;
- unions look up by type when writing and by the branch's byte when reading.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from schemas.emit_classes import HEADER, exported
from schemas.emit_decode import decode_function, snake, symbols_table
from schemas.emit_encode import branch_tables, encode_function
from schemas.emit_skip import PARTLY, partial_function
from schemas.model import Definition, Enumeration, Record, choices, name_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schemas.model import Catalogue

WIRE_NAMES = (
    "CURRENCY_BYTES",
    "CURRENCY_TEXTS",
    "FLAG",
    "FLAG_BYTES",
    "LENGTH",
    "NULL",
    "SMALL",
    "SOME",
    "UNZIGZAG",
    "UNZIGZAG_PAIR",
    "blob_bytes",
    "int_bytes",
    "long_bytes",
    "read_count",
    "read_int",
    "read_length",
    "read_long",
    "read_string",
    "read_timestamp",
    "string_bytes",
    "wrong_symbol",
)


def codec_source(module: str, catalogue: Catalogue) -> str:
    """Return the source of `schemas/messages/codec/<module>.py`, not yet formatted."""
    definitions = catalogue.modules()[module]
    records = [each for each in definitions if isinstance(each, Record)]
    lines = [_symbols(each) for each in definitions if isinstance(each, Enumeration)]
    for record in records:
        for choice in choices(record):
            lines += branch_tables(choice)
        lines += encode_function(record, catalogue)
        lines += decode_function(record, catalogue)
        if record.fullname in PARTLY:
            lines += partial_function(record, PARTLY[record.fullname], catalogue)
    body = "\n".join(lines)
    head = [
        HEADER.format(title=f"bytes of the module `{module}`"),
        "from __future__ import annotations\n",
        *_imports(module, catalogue, body),
        "",
    ]
    return "\n".join(head) + body + "\n"


def _symbols(enum: Enumeration) -> str:
    name = name_of(enum.fullname)
    return f"{symbols_table(name)}: Final = {{each.index << 1: each for each in {name}}}"


def _imports(module: str, catalogue: Catalogue, body: str) -> Iterator[str]:
    used = set(re.findall(r"\w+", body))
    if "Callable" in used:
        yield "from collections.abc import Callable"
    typing = sorted(used & {"Any", "Final"})
    if typing:
        yield f"from typing import {', '.join(typing)}\n"
    for other, definitions in catalogue.modules().items():
        if names := sorted(used.intersection(exported(definitions))):
            yield f"from schemas.messages.{other} import {', '.join(names)}"
        if other != module and (names := sorted(used & set(_codec_names(definitions)))):
            yield f"from schemas.messages.codec.{other} import {', '.join(names)}"
    if names := sorted(used & {"unreadable", "unwritable"}):
        yield f"from schemas.blame import {', '.join(names)}"
    if names := sorted(used.intersection(WIRE_NAMES)):
        yield f"from schemas.wire import {', '.join(names)}"


def _codec_names(definitions: tuple[Definition, ...]) -> Iterator[str]:
    for each in definitions:
        name = name_of(each.fullname)
        if isinstance(each, Enumeration):
            yield symbols_table(name)
        else:
            yield f"encode_{snake(name)}"
            yield f"decode_{snake(name)}"
