"""Keys: who calls, by `Authorization: Bearer <id>.<secret>`.

Owns: the file of keys, the making of a key, the comparison.
Never: keeps a secret: a file holds its SHA-256, which is enough for 256 random bits. The secret of
one-time codes cannot be a hash; a file that has one is for the eyes of its owner and group only.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from hmac import compare_digest
from pathlib import Path
from secrets import token_urlsafe
from stat import S_IRWXO
from typing import Any, Final

from ingress.http.problems import Problem
from ingress.http.roles import Role
from schemas.values import WALLET_ID

SECRET_BYTES: Final = 32
HASH_DIGITS: Final = 64
SCHEME: Final = "bearer"
TOTP_SECRET: Final = re.compile(r"[A-Z2-7]{32}")
CHALLENGE: Final = {"WWW-Authenticate": "Bearer"}


class KeysError(Exception):
    """The file of keys is not one; names the entry and the field."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks. `scopes` are the resources the key is for; empty: all its role allows.

    `fresh_until` says until when a second factor holds, wall seconds; 0.0: there was none.
    """

    key_id: str
    role: Role
    scopes: frozenset[str] = frozenset()
    fresh_until: float = 0.0

    def admit(self, allowed: frozenset[Role], scope: str | None) -> None:
        """Refuse what this key is not for; None is in every scope. Raises `Problem`."""
        if self.role not in allowed:
            raise Problem("FORBIDDEN", f"the role {self.role} does not allow this")
        if self.scopes and scope is not None and scope not in self.scopes:
            raise Problem("FORBIDDEN", f"this key is not for {scope}")


# Without a file of keys the door is open, on loopback only: whoever is there is trusted.
OPEN: Final = Caller("", Role.ADMIN)


@dataclass(frozen=True, slots=True)
class Key:
    """One line of the file."""

    caller: Caller
    secret_sha256: str
    totp_secret: str = field(default="", repr=False)


class Keys:
    """Every key by its id."""

    def __init__(self, keys: Iterable[Key] = ()) -> None:
        self._keys: Final = {key.caller.key_id: key for key in keys}

    def __len__(self) -> int:
        return len(self._keys)

    @property
    def ids(self) -> frozenset[str]:
        """The ids of all keys."""
        return frozenset(self._keys)

    def named(self, key_id: str) -> Caller | None:
        """Return who has the key of this id."""
        key = self._keys.get(key_id)
        return None if key is None else key.caller

    def digest(self, key_id: str) -> str:
        """Return what is known of a key's secret; empty without such a key."""
        key = self._keys.get(key_id)
        return "" if key is None else key.secret_sha256

    def totp_of(self, key_id: str) -> str:
        """Return the secret of a key's one-time codes; empty when there are none."""
        key = self._keys.get(key_id)
        return "" if key is None else key.totp_secret

    def caller(self, authorization: str | None) -> Caller:
        """Return who sent this header. Raises `Problem`, which never says what was wrong."""
        scheme, _, token = (authorization or "").partition(" ")
        key_id, _, secret = token.strip().partition(".")
        key = self._keys.get(key_id)
        given = digest_of(secret)
        # Compared also when there is no such key, so that the time tells nothing.
        known = compare_digest(given, "" if key is None else key.secret_sha256)
        if scheme.lower() != SCHEME or key is None or not known:
            raise Problem(
                "UNAUTHENTICATED", "send Authorization: Bearer <id>.<secret>", headers=CHALLENGE
            )
        return key.caller


def new_key(key_id: str, role: Role, scopes: Iterable[str] = ()) -> tuple[str, dict[str, Any]]:
    """Return a token to hand out once, and its entry for the file."""
    secret = new_secret()
    entry = {
        "id": key_id,
        "role": role.value,
        "scopes": sorted(scopes),
        "secret_sha256": digest_of(secret),
    }
    return f"{key_id}.{secret}", entry


def new_secret() -> str:
    """Return a secret nobody guesses, of letters, digits, - and _."""
    return token_urlsafe(SECRET_BYTES)


def digest_of(secret: str) -> str:
    """Return what a file keeps of a secret."""
    return sha256(secret.encode()).hexdigest()


def read_keys(path: Path) -> Keys:
    """Read the file of keys: `{"keys": [{"id", "role", "scopes", "secret_sha256"}]}`."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise KeysError(f"{path}: {error}") from error
    listed = document.get("keys") if isinstance(document, dict) else None
    if not isinstance(listed, list) or not listed:
        raise KeysError(f"{path}: keys: a list with at least one key")
    keys = [check_entry(f"{path}: keys[{place}]", each) for place, each in enumerate(listed)]
    if len({key.caller.key_id for key in keys}) != len(keys):
        raise KeysError(f"{path}: keys: an id is given twice")
    if any(key.totp_secret for key in keys) and path.stat().st_mode & S_IRWXO:
        raise KeysError(f"{path}: has a totp_secret and is everybody's to read: chmod o= {path}")
    return Keys(keys)


def check_entry(where: str, entry: object) -> Key:
    """Return the key of an entry. Raises `KeysError` naming the field."""
    if not isinstance(entry, Mapping):
        raise KeysError(f"{where}: an object")
    unknown = set(entry) - {"id", "role", "scopes", "secret_sha256", "totp_secret"}
    if unknown:
        raise KeysError(f"{where}.{min(unknown)}: unknown")
    key_id, role, scopes = entry.get("id"), entry.get("role"), entry.get("scopes", [])
    if not isinstance(key_id, str) or WALLET_ID.fullmatch(key_id) is None or "." in key_id:
        raise KeysError(f"{where}.id: letters, digits and _ - # : only")
    if role not in set(Role):
        raise KeysError(f"{where}.role: one of {', '.join(Role)}")
    if not isinstance(scopes, list) or not all(isinstance(each, str) for each in scopes):
        raise KeysError(f"{where}.scopes: a list of resources")
    secret = entry.get("secret_sha256")
    if not isinstance(secret, str) or len(secret) != HASH_DIGITS:
        raise KeysError(f"{where}.secret_sha256: {HASH_DIGITS} hexadecimal digits")
    totp_secret = entry.get("totp_secret", "")
    if not isinstance(totp_secret, str) or (totp_secret and not is_base32(totp_secret)):
        raise KeysError(f"{where}.totp_secret: 32 letters A-Z and digits 2-7")
    return Key(Caller(key_id, Role(role), frozenset(scopes)), secret, totp_secret)


def is_base32(text: str) -> bool:
    """Return whether this is a secret of one-time codes: 160 bits, as RFC 4226 would have it."""
    return TOTP_SECRET.fullmatch(text) is not None
