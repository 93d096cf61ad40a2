"""Origin: how a person writes where a command comes from.

    "origin":{"device_id":"phone-1","country":"NL","authentication":"STRONG"}

Owns: this form, reading and writing, and the names of its parts.
Never: checks what was read (`fields.py`); gives a part a meaning; fraud rules do.
"""

from __future__ import annotations

from collections.abc import Mapping

from ingress.sdk.errors import CommandRefusedError
from schemas.messages.commands import Origin
from schemas.messages.vocabulary import Authentication

PARTS = Origin.__match_args__
UNKNOWN = ("", Authentication.UNSAID)


def origin_from(given: object) -> Origin | None:
    """Return the origin of a document. Raises `CommandRefusedError` naming the part."""
    if given is None:
        return None
    if not isinstance(given, Mapping):
        raise CommandRefusedError("origin", f"is an object with some of {', '.join(PARTS)}")
    for name in given:
        if name not in PARTS:
            raise CommandRefusedError(f"origin.{name}", f"unknown; known: {', '.join(PARTS)}")
    parts = dict(given)
    how = parts.get("authentication", "")
    # What is none of them is refused by the check, by name.
    if isinstance(how, str):
        parts["authentication"] = Authentication.__members__.get(how or "UNSAID", how)
    return Origin(**parts)


def origin_to(origin: Origin) -> dict[str, object]:
    """Return the same form of an origin: what is known of it."""
    shown = {name: getattr(origin, name) for name in PARTS}
    return {name: value for name, value in shown.items() if value not in UNKNOWN}
