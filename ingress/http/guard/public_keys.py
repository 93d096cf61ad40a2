"""Public keys of an identity provider, by their ids; from a file or an address.

Owns: when they are read again, how long they are kept when they cannot be, and which are taken.
Never: keeps a request waiting for keys it has; asks more often than once in `AGAIN_S`, however many
tokens name a key that nobody knows.
"""

from __future__ import annotations

import asyncio
import json
import logging
import time
import urllib.request
from collections.abc import Callable, Mapping
from http.client import HTTPException
from pathlib import Path
from typing import Final
from urllib.error import HTTPError
from urllib.parse import urlsplit

from joserfc.errors import JoseError
from joserfc.jwk import ECKey, Key, OKPKey, RSAKey
from typing_extensions import override

LOG = logging.getLogger(__name__)
REFRESH_S: Final = 300.0
AGAIN_S: Final = 10.0
# A day without the provider: a key that it withdrew meanwhile must not let in for ever.
KEPT_S: Final = 86_400.0
ANSWER_S: Final = 3.0
DOCUMENT_MAX: Final = 262_144
KEYS_MAX: Final = 100
RSA_BITS_MIN: Final = 2_048
PRIVATE: Final = "d"
# `oct` is a secret that both sides have: whoever could check a token could make one.
KINDS: Final[dict[object, type[RSAKey | ECKey | OKPKey]]] = {
    "RSA": RSAKey,
    "EC": ECKey,
    "OKP": OKPKey,
}
Fetch = Callable[[], bytes]


class ProviderAwayError(Exception):
    """There is no key that could be relied upon."""


class PublicKeys:
    """The keys as last read. `fetch` may block: it is called on another thread."""

    def __init__(self, fetch: Fetch, clock: Callable[[], float] = time.monotonic) -> None:
        self._fetch: Final = fetch
        self._clock: Final = clock
        self._keys: dict[str, Key] = {}
        self._read_at: float | None = None
        self._tried_at: float | None = None
        self._reading: asyncio.Task[None] | None = None

    async def get(self, key_id: str) -> Key | None:
        """Return a key; None when the provider has none of this id. Raises `ProviderAwayError`."""
        if self._age() < KEPT_S and key_id in self._keys:
            if self._age() > REFRESH_S:
                self._begin()  # nobody waits for it
            return self._keys[key_id]
        reading = self._begin()
        if reading is not None:
            await asyncio.shield(reading)
        if self._age() >= KEPT_S:
            raise ProviderAwayError("the keys of the identity provider cannot be read")
        return self._keys.get(key_id)

    def load(self) -> None:
        """Read them now. Raises `OSError`, `ValueError`."""
        self._keys = keys_in(self._fetch())
        self._read_at = self._clock()

    def _age(self) -> float:
        return KEPT_S if self._read_at is None else self._clock() - self._read_at

    def _begin(self) -> asyncio.Task[None] | None:
        """Return the reading that goes on, or a new one; None when the last was just now."""
        if self._reading is not None and not self._reading.done():
            return self._reading
        if self._tried_at is not None and self._clock() - self._tried_at < AGAIN_S:
            return None
        self._tried_at = self._clock()
        self._reading = asyncio.get_running_loop().create_task(self._read())
        return self._reading

    async def _read(self) -> None:
        try:
            await asyncio.to_thread(self.load)
        except (OSError, ValueError, HTTPException) as error:
            LOG.warning("keys of the identity provider were not read, old ones hold: %s", error)


def keys_in(raw: bytes) -> dict[str, Key]:
    """Return the keys of a JWKS by id; what no token is signed with is left out.

    Raises `ValueError`: also for a key that has its private part, which is everybody's by now.
    """
    document = json.loads(raw)
    listed = document.get("keys") if isinstance(document, Mapping) else None
    if not isinstance(listed, list) or len(listed) > KEYS_MAX:
        raise ValueError(f"keys: a list of at most {KEYS_MAX} keys")
    return dict(found for each in listed if (found := _key_in(each)) is not None)


def _key_in(entry: object) -> tuple[str, Key] | None:
    if not isinstance(entry, Mapping):
        raise ValueError("keys: a list of objects")  # noqa: TRY004 - of a document, not of an argument
    if PRIVATE in entry:
        raise ValueError(f"the key {entry.get('kid')!r:.40} is private")
    kind, key_id = KINDS.get(str(entry.get("kty"))), entry.get("kid")
    if kind is None or not isinstance(key_id, str) or entry.get("use", "sig") != "sig":
        return None
    try:
        key = kind.import_key(dict(entry))
    except (JoseError, ValueError, TypeError, KeyError) as error:
        # Of a kind we do not know; what is signed with others goes on (RFC 7517, 5).
        LOG.warning("the key %.40r of the identity provider is passed over: %s", key_id, error)
        return None
    if isinstance(key, RSAKey) and key.raw_value.key_size < RSA_BITS_MIN:
        return None
    return key_id, key


def fetch_of(place: str, folder: Path) -> Fetch:
    """Return what reads keys at an address, or from a file beside the file that names it.

    Raises `ValueError` for an address whose answer anybody on the way could change.
    """
    if "://" not in place:
        return (folder / place).read_bytes
    parts = urlsplit(place)
    if parts.scheme != "https" and (parts.scheme, parts.hostname) != ("http", "127.0.0.1"):
        raise ValueError("a file, or an address that begins with https://")
    opener = urllib.request.build_opener(_NoRedirect)

    def fetch() -> bytes:
        with opener.open(place, timeout=ANSWER_S) as response:
            raw: bytes = response.read(DOCUMENT_MAX + 1)
        if len(raw) > DOCUMENT_MAX:
            raise ValueError(f"more than {DOCUMENT_MAX} bytes")
        return raw

    return fetch


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Follows nothing: keys come from the address that was configured."""

    @override
    def redirect_request(self, req, fp, code, msg, headers, newurl):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
        raise HTTPError(req.full_url, code, "redirected", headers, fp)
