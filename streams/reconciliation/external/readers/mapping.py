"""The mapping of a processor's table: which column is what. A TOML file beside the exports.

Owns: the record `Mapping`, and what a mapping must say.
Never: knows a processor.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from typing import Final

from streams.reconciliation.external.errors import MappingRefused

REQUIRED: Final = ("reference", "gross", "booked")
COLUMNS: Final = frozenset(
    {*REQUIRED, "fee", "net", "currency", "type", "payout", "value", "end_to_end", "counterparty"}
    | {"remittance", "account", "reason"}
)
KEYS: Final = frozenset(
    {"source", "account", "currency", "delimiter", "decimal", "date_order", "encoding"}
    | {"minor_units", "fee_is", "columns", "negative_types", "reversal_types", "skipped_types"}
)
DATE_ORDERS: Final = ("YMD", "DMY", "MDY")
FEES: Final = ("deducted", "added")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapping:
    """How to read one processor's table."""

    source: str
    columns: dict[str, str]
    account: str = ""
    currency: str = ""
    delimiter: str = ","
    decimal: str = "."
    date_order: str = "YMD"
    encoding: str = ""
    minor_units: bool = False
    fee_is: str = "deducted"  # a positive fee was kept back; "added": a negative one was
    negative_types: frozenset[str] = field(default_factory=frozenset)
    reversal_types: frozenset[str] = field(default_factory=frozenset)
    skipped_types: frozenset[str] = field(default_factory=frozenset)


def read_mapping(data: bytes) -> Mapping:
    """Read a mapping; what it does not say, or says without need, refuses it by name."""
    try:
        said = tomllib.loads(data.decode("utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise MappingRefused(f"the mapping is no TOML: {error}") from None
    unknown = sorted(said.keys() - KEYS)
    if unknown:
        raise MappingRefused(f"the mapping says {unknown[0]!r}, which means nothing")
    minor_units = said.get("minor_units", False)
    if not isinstance(minor_units, bool):
        raise MappingRefused("minor_units is true or false")
    mapping = Mapping(
        source=_text(said, "source", ""),
        columns=_columns(said.get("columns")),
        account=_text(said, "account", ""),
        currency=_text(said, "currency", ""),
        delimiter=_one_of(said, "delimiter", (",", ";", "\t", "|")),
        decimal=_one_of(said, "decimal", (".", ",")),
        date_order=_one_of(said, "date_order", DATE_ORDERS),
        encoding=_text(said, "encoding", ""),
        minor_units=minor_units,
        fee_is=_one_of(said, "fee_is", FEES),
        negative_types=_words(said, "negative_types"),
        reversal_types=_words(said, "reversal_types"),
        skipped_types=_words(said, "skipped_types"),
    )
    _complete(mapping)
    return mapping


def _complete(mapping: Mapping) -> None:
    if not mapping.source:
        raise MappingRefused("the mapping does not say its source")
    for name in ("account", "currency"):
        if not getattr(mapping, name) and name not in mapping.columns:
            raise MappingRefused(f"neither the mapping nor a column says the {name}")
    typed = mapping.negative_types | mapping.reversal_types | mapping.skipped_types
    if typed and "type" not in mapping.columns:
        raise MappingRefused("types are named, but no column says the type")


def _columns(said: object) -> dict[str, str]:
    if not isinstance(said, dict):
        raise MappingRefused("the mapping has no table [columns]")
    columns = {str(name): column for name, column in said.items() if isinstance(column, str)}
    wrong = sorted(str(name) for name in said if name not in COLUMNS or name not in columns)
    if wrong:
        raise MappingRefused(f"columns.{wrong[0]} is no column, or its name is no text")
    missing = [name for name in REQUIRED if name not in columns]
    if missing:
        raise MappingRefused(f"columns.{missing[0]} is missing")
    return columns


def _text(said: dict[str, object], key: str, default: str) -> str:
    value = said.get(key, default)
    if not isinstance(value, str):
        raise MappingRefused(f"{key} is no text")
    return value


def _one_of(said: dict[str, object], key: str, words: tuple[str, ...]) -> str:
    value = _text(said, key, words[0])
    if value not in words:
        raise MappingRefused(f"{key} is one of {', '.join(map(repr, words))}")
    return value


def _words(said: dict[str, object], key: str) -> frozenset[str]:
    value = said.get(key, [])
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise MappingRefused(f"{key} is no list of texts")
    return frozenset(map(str, value))
