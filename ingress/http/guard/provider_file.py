"""The file that says whose tokens are let in, and as what.

Owns: its fields.
Never: takes an algorithm by which whoever checks a token could make one.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from ingress.http.guard.provider import ALGORITHMS, Provider, Terms
from ingress.http.guard.public_keys import PublicKeys, fetch_of
from ingress.http.keys import KeysError
from ingress.http.roles import Role

LEEWAY_MAX_S: Final = 300
NEEDED: Final = ("issuer", "audience", "keys", "roles")


def read_provider(path: Path, taken: frozenset[str] = frozenset()) -> Provider:
    """Read the file; keys that are in a file are read as well. Raises `KeysError`."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise KeysError(f"{path}: {error}") from error
    if not isinstance(document, Mapping):
        raise KeysError(f"{path}: an object")
    try:
        terms = terms_of(document)
        keys = _keys_of(document, path.parent)
    except ValueError as error:
        raise KeysError(f"{path}: {error}") from error
    return Provider(terms, keys, taken)


def terms_of(document: Mapping[str, Any]) -> Terms:
    """Return what a document asks of a token. Raises `ValueError` naming the field."""
    unknown = set(document) - set(FIELDS) - {"keys"}
    if unknown:
        raise ValueError(f"{min(unknown)}: unknown")
    for name in NEEDED:
        if name not in document:
            raise ValueError(f"{name}: is missing")
    return Terms(
        **{name: read(document[name]) for name, read in FIELDS.items() if name in document}
    )


def _text(name: str) -> Callable[[object], str]:
    def read(value: object) -> str:
        if not isinstance(value, str) or not value:
            raise ValueError(f"{name}: text")
        return value

    return read


def _texts(name: str) -> Callable[[object], tuple[str, ...]]:
    def read(value: object) -> tuple[str, ...]:
        listed = [value] if isinstance(value, str) else value
        if not isinstance(listed, list) or not listed or not all(map(_is_text, listed)):
            raise ValueError(f"{name}: a list of words")
        return tuple(listed)

    return read


def _is_text(value: object) -> bool:
    return isinstance(value, str) and value != ""


def _algorithms(value: object) -> tuple[str, ...]:
    named = _texts("algorithms")(value)
    for each in named:
        if each not in ALGORITHMS:
            raise ValueError(f"algorithms: {each} is none of {', '.join(ALGORITHMS)}")
    return named


def _roles(value: object) -> dict[str, Role]:
    if not isinstance(value, Mapping) or not value:
        raise ValueError("roles: an object, from what the claim says to a role")
    for said, role in value.items():
        if role not in set(Role):
            raise ValueError(f"roles.{said}: one of {', '.join(Role)}")
    return {said: Role(role) for said, role in value.items()}


def _leeway(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= LEEWAY_MAX_S:
        raise ValueError(f"leeway_s: 0 to {LEEWAY_MAX_S}")
    return value


FIELDS: Final[dict[str, Callable[[object], Any]]] = {
    "issuer": _text("issuer"),
    "audience": _text("audience"),
    "roles": _roles,
    "role_claim": _texts("role_claim"),
    "algorithms": _algorithms,
    "leeway_s": _leeway,
    "step_up": lambda value: frozenset(_texts("step_up")(value)),
}


def _keys_of(document: Mapping[str, Any], folder: Path) -> PublicKeys:
    place = _text("keys")(document["keys"])
    try:
        keys = PublicKeys(fetch_of(place, folder))
        if "://" not in place:
            keys.load()  # an address may be away at the start; a file may not
    except (OSError, ValueError) as error:
        raise ValueError(f"keys: {error}") from error
    return keys
