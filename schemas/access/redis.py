"""Access to Redis: its URL, encryption, and the user of its access lists.

Owns: the variables LEDGER_REDIS and LEDGER_REDIS_*, and the URL they make.
Never: connects.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import quote, urlencode, urlsplit, urlunsplit

from schemas.access.tls import (
    LOGIN_PARTS,
    TLS_PARTS,
    AccessError,
    Login,
    Tls,
    first_given,
    read_login,
    read_tls,
    variables_of,
)

PREFIX: Final = "LEDGER_REDIS"
ENCRYPTED: Final = "rediss"
VARIABLES: Final = variables_of(PREFIX, *TLS_PARTS, *LOGIN_PARTS) | {PREFIX}


@dataclass(frozen=True, slots=True)
class Redis:
    """How the server is entered; `rediss://` is encrypted and its certificate checked."""

    url: str = field(repr=False)
    tls: Tls | None = None
    login: Login | None = None

    def place(self) -> str:
        """Return the URL with what else was set, as redis-py reads it."""
        if not self.url:
            return ""
        parts = urlsplit(self.url)
        where = parts.netloc
        if self.login is not None:
            user, password = quote(self.login.user, safe=""), quote(self.login.password, safe="")
            where = f"{user}:{password}@{where}"
        tls = self.tls or Tls()
        files = {"ssl_ca_certs": tls.ca, "ssl_certfile": tls.cert, "ssl_keyfile": tls.key}
        added = urlencode({name: str(path) for name, path in files.items() if path is not None})
        query = "&".join(filter(None, (parts.query, added)))
        return urlunsplit((parts.scheme, where, parts.path, query, parts.fragment))


def read_redis(env: Mapping[str, str]) -> Redis:
    """Read the environment; `url` is empty when nobody named any. Raises `AccessError`."""
    url, tls, login = env.get(PREFIX, ""), read_tls(env, PREFIX), read_login(env, PREFIX)
    parts = urlsplit(url)
    if tls is not None and parts.scheme != ENCRYPTED:
        given = first_given(env, PREFIX, TLS_PARTS)
        raise AccessError(f"{given} is not used unless {PREFIX} begins with {ENCRYPTED}://")
    if login is not None and "@" in parts.netloc:
        raise AccessError(f"{PREFIX}_USER and the user in {PREFIX} are both set: which one?")
    return Redis(url, tls, login)
