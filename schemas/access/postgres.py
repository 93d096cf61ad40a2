"""Access to PostgreSQL: where, and how much of the server's certificate is checked.

Owns: the variables LEDGER_POSTGRES and LEDGER_POSTGRES_*, and the connection text they make.
Never: parses a connection text; libpq does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import quote

from schemas.access.tls import TLS_PARTS, AccessError, Tls, first_given, read_tls, variables_of

PREFIX: Final = "LEDGER_POSTGRES"
SSLMODE: Final = f"{PREFIX}_SSLMODE"
# `allow` and `prefer` promise nothing: whoever stands between turns them off.
MODES: Final = ("disable", "require", "verify-ca", "verify-full")
CHECKED: Final = ("verify-ca", "verify-full")
VARIABLES: Final = variables_of(PREFIX, "SSLMODE", *TLS_PARTS) | {PREFIX}


@dataclass(frozen=True, slots=True)
class Postgres:
    """How the database is entered; user and password are part of the address."""

    dsn: str = field(repr=False)
    sslmode: str = ""  # empty: as the address says
    tls: Tls | None = None

    def place(self) -> str:
        """Return the connection text: the address with what else was set, for libpq."""
        tls = self.tls or Tls()
        added = {
            "sslmode": self.sslmode,
            "sslrootcert": tls.ca,
            "sslcert": tls.cert,
            "sslkey": tls.key,
        }
        given = {name: str(value) for name, value in added.items() if value}
        if not given:
            return self.dsn
        if "://" in self.dsn:
            query = "&".join(f"{name}={quote(value, safe='')}" for name, value in given.items())
            return f"{self.dsn}{'&' if '?' in self.dsn else '?'}{query}"
        return " ".join((self.dsn, *(f"{name}={_quoted(value)}" for name, value in given.items())))


def read_postgres(env: Mapping[str, str]) -> Postgres:
    """Read the environment; `dsn` is empty when nobody named any. Raises `AccessError`."""
    dsn, mode = env.get(PREFIX, ""), env.get(SSLMODE, "")
    if mode and mode not in MODES:
        raise AccessError(f"{SSLMODE}={mode}: one of {', '.join(MODES)}")
    if mode and "sslmode" in dsn:
        raise AccessError(f"{SSLMODE} and the sslmode in {PREFIX} are both set: which one?")
    given = first_given(env, PREFIX, TLS_PARTS)
    if given and mode in {"", "disable"}:
        raise AccessError(f"{given} is not used without {SSLMODE}=verify-full or another")
    if mode in CHECKED and not env.get(f"{PREFIX}_CA"):
        raise AccessError(f"{PREFIX}_CA is missing: {SSLMODE}={mode} checks against it")
    return Postgres(dsn, mode, read_tls(env, PREFIX))


def _quoted(value: str) -> str:
    escaped = value.replace("\\", r"\\").replace("'", r"\'")
    return f"'{escaped}'"
