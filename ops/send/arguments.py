"""Arguments: `field=value` text becomes the document of a command.

Owns: which fields are numbers, flags or lists when they are typed in a shell.
Never: checks values; the SDK does and names the field.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Final

from ingress.sdk.bodies import BODIES, Kind
from ingress.sdk.errors import CommandRefusedError

FLAGS: Final[Mapping[str, bool]] = {"true": True, "yes": True, "false": False, "no": False}


def document_of(name: str, fields: Iterable[str]) -> dict[str, object]:
    """Return the document of a command. Raises `CommandRefusedError` naming the field."""
    spec = BODIES.get(name)
    kinds = {field.name: field.kind for field in spec.fields} if spec else {}
    document: dict[str, object] = {"type": name}
    for text in fields:
        field, sign, value = text.partition("=")
        if not sign:
            raise CommandRefusedError(text, "write it as field=value")
        if field in document:
            raise CommandRefusedError(field, "is given twice")
        document[field] = _typed(kinds.get(field), value)
    return document


def conditions_of(available: Iterable[str], sequence: int | None) -> list[dict[str, object]]:
    """Return conditions as a document has them. Raises `CommandRefusedError`."""
    conditions: list[dict[str, object]] = []
    for text in available:
        currency, sign, amount = text.partition("=")
        if not sign:
            raise CommandRefusedError("--if-available", "write it as EUR=40.00")
        conditions.append({"available": amount, "currency": currency})
    if sequence is not None:
        conditions.append({"sequence": sequence})
    return conditions


def origin_of(parts: Iterable[str]) -> dict[str, str]:
    """Return what was typed of where the command comes from; an unknown part is refused later."""
    found: dict[str, str] = {}
    for part in parts:
        name, given, value = part.partition("=")
        if not given:
            raise CommandRefusedError("--origin", "write it as country=NL")
        if name in found:
            raise CommandRefusedError(f"origin.{name}", "is given twice")
        found[name] = value
    return found


def _listed(text: str) -> object:
    """Read a list that is written as JSON; what is none is refused by the SDK."""
    try:
        return json.loads(text)
    except json.JSONDecodeError:
        return text


def _typed(kind: Kind | None, value: str) -> object:
    if kind is Kind.CURRENCIES:
        return value.split(",")
    if kind is Kind.ITEMS:
        return _listed(value)
    if kind in {Kind.SECONDS, Kind.NUMBER, Kind.COUNT} and value.isdecimal():
        return int(value)
    if kind is Kind.FLAG:
        return FLAGS.get(value.lower(), value)
    return value
