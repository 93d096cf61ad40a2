"""Avro, whole: the schema of a record with its docs, every named type inlined at its first use.

Owns: that form, as tools outside of this project read it.
Never: our own marks: what is a subject, how a union is called in Python.
"""

from __future__ import annotations

from typing import Final

from schemas.model import PRIMITIVES, Catalogue

OURS: Final = frozenset({"subject", "alias"})


def documented(fullname: str, catalogue: Catalogue) -> dict[str, object]:
    """Return the schema of a record."""
    return _definition(fullname, catalogue, {fullname})


def _definition(fullname: str, catalogue: Catalogue, seen: set[str]) -> dict[str, object]:
    source = catalogue.definitions[fullname].source
    kept = {key: value for key, value in source.items() if key not in OURS}
    if "fields" in source:
        fields = source["fields"]
        assert isinstance(fields, list), "the model refused everything else"
        kept["fields"] = [_field(each, catalogue, seen) for each in fields]
    return kept


def _field(source: dict[str, object], catalogue: Catalogue, seen: set[str]) -> dict[str, object]:
    kept = {key: value for key, value in source.items() if key not in OURS}
    return {**kept, "type": _inlined(source["type"], catalogue, seen)}


def _inlined(source: object, catalogue: Catalogue, seen: set[str]) -> object:
    if isinstance(source, list):
        return [_inlined(each, catalogue, seen) for each in source]
    if isinstance(source, dict) and source.get("type") == "array":
        return {**source, "items": _inlined(source["items"], catalogue, seen)}
    if not isinstance(source, str) or source in PRIMITIVES or source == "null" or source in seen:
        return source
    seen.add(source)
    return _definition(source, catalogue, seen)
