"""TLS and logins, as every server's settings have them.

Owns: the files of a certificate, user and password, and the checks of both as they are read.
Never: names a server; the variables' first part does.
"""

from __future__ import annotations

import ssl
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

TLS_PARTS: Final = ("CA", "CERT", "CERT_KEY")
LOGIN_PARTS: Final = ("USER", "PASSWORD", "PASSWORD_FILE")


class AccessError(ValueError):
    """Settings that cannot be used together, or a file that cannot be used; names the variable."""


@dataclass(frozen=True, slots=True)
class Tls:
    """Whom we trust and who we are; without `ca` the machine's own authorities are trusted."""

    ca: Path | None = None
    cert: Path | None = None
    key: Path | None = None

    def context(self) -> ssl.SSLContext:
        """Return a context for a client, which checks the server's certificate and its name."""
        context = ssl.create_default_context(cafile=self.ca)
        if self.cert is not None:
            context.load_cert_chain(self.cert, self.key)
        return context


@dataclass(frozen=True, slots=True)
class Login:
    """A user and a password."""

    user: str
    password: str = field(repr=False)


def variables_of(prefix: str, *parts: str) -> frozenset[str]:
    """Return the names of a server's variables."""
    return frozenset(f"{prefix}_{part}" for part in parts)


def first_given(env: Mapping[str, str], prefix: str, parts: tuple[str, ...]) -> str:
    """Return the first of these variables that is set, or empty text."""
    names = (f"{prefix}_{part}" for part in parts)
    return next((name for name in names if env.get(name)), "")


def read_tls(env: Mapping[str, str], prefix: str) -> Tls | None:
    """Read `<prefix>_CA`, `_CERT` and `_CERT_KEY`; None when none is set."""
    if not first_given(env, prefix, TLS_PARTS):
        return None
    cert, key = f"{prefix}_CERT", f"{prefix}_CERT_KEY"
    if env.get(cert) and not env.get(key):
        raise AccessError(f"{key} is missing: {cert} is of no use without its key")
    if env.get(key) and not env.get(cert):
        raise AccessError(f"{cert} is missing: {key} is of no use without its certificate")
    return Tls(_file(env, f"{prefix}_CA"), _file(env, cert), _file(env, key, secret=True))


def read_login(env: Mapping[str, str], prefix: str) -> Login | None:
    """Read `<prefix>_USER` and its password, from `_PASSWORD` or `_PASSWORD_FILE`."""
    user = f"{prefix}_USER"
    if not env.get(user):
        if stray := first_given(env, prefix, LOGIN_PARTS):
            raise AccessError(f"{user} is missing: {stray} is nobody's")
        return None
    return Login(env[user], _password(env, prefix))


def _password(env: Mapping[str, str], prefix: str) -> str:
    name, at = f"{prefix}_PASSWORD", f"{prefix}_PASSWORD_FILE"
    path = _file(env, at, secret=True)
    if path is None:
        if not env.get(name):
            raise AccessError(f"{at} is missing: {prefix}_USER needs a password; or set {name}")
        return env[name]
    if env.get(name):
        raise AccessError(f"{name} and {at} are both set: which one?")
    found = path.read_text(encoding="utf-8").rstrip("\r\n")
    if not found:
        raise AccessError(f"{at}={path}: the file is empty")
    return found


def _file(env: Mapping[str, str], variable: str, *, secret: bool = False) -> Path | None:
    """Return a file that can be read; one with a secret must not be everybody's to read."""
    text = env.get(variable, "")
    if not text:
        return None
    path = Path(text)
    try:
        path.open("rb").close()
    except OSError as error:
        raise AccessError(f"{variable}={text}: {error.strerror}") from error
    if secret and path.stat().st_mode & stat.S_IROTH:
        raise AccessError(f"{variable}={text}: everybody may read it; chmod o-rwx")
    return path
