"""Normal form: one self-contained schema per subject, as locked and compared.

Owns: what of an `.avsc` counts (all but docs, aliases of unions and the subject mark).
Never: decides compatibility.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

from schemas.model import PRIMITIVES

if TYPE_CHECKING:
    from schemas.model import Catalogue

# The attributes of the canonical form, in its order.
CANONICAL = ("name", "type", "fields", "symbols", "items")


def normal_form(fullname: str, catalogue: Catalogue) -> dict[str, object]:
    """Return the schema of a record with every named type inlined at its first use."""
    return _definition(fullname, catalogue, {fullname})


def canonical_form(normal: object) -> str:
    """Return Avro's parsing canonical form."""
    return json.dumps(_only(normal, CANONICAL), separators=(",", ":"), ensure_ascii=False)


def fingerprint(normal: object) -> str:
    """Return the SHA-256 of the canonical form."""
    return hashlib.sha256(canonical_form(normal).encode()).hexdigest()


def _inlined(source: object, catalogue: Catalogue, seen: set[str]) -> object:
    if isinstance(source, list):
        return [_inlined(each, catalogue, seen) for each in source]
    if isinstance(source, str):
        if source in PRIMITIVES or source == "null" or source in seen:
            return source
        seen.add(source)
        return _definition(source, catalogue, seen)
    if isinstance(source, dict) and source.get("type") == "array":
        return {"type": "array", "items": _inlined(source["items"], catalogue, seen)}
    assert isinstance(source, dict), "the model refused everything else"
    return source["type"]


def _definition(fullname: str, catalogue: Catalogue, seen: set[str]) -> dict[str, object]:
    source = catalogue.definitions[fullname].source
    kept: dict[str, object] = {"name": fullname, "type": source["type"]}
    if source["type"] == "enum":
        return {**kept, "symbols": source["symbols"], "default": source["default"]}
    fields = source["fields"]
    assert isinstance(fields, list)
    kept["fields"] = [
        {
            "name": field["name"],
            "type": _inlined(field["type"], catalogue, seen),
            **({"default": field["default"]} if "default" in field else {}),
        }
        for field in fields
    ]
    return kept


def _only(normal: object, attributes: tuple[str, ...]) -> object:
    if isinstance(normal, list):
        return [_only(each, attributes) for each in normal]
    if isinstance(normal, dict):
        return {key: _only(normal[key], attributes) for key in attributes if key in normal}
    return normal
