"""Keys of persons: one data key each, kept only wrapped, and forgotten on demand.

Owns: the seam to a key management service (`KeyWrap`), the seam to where wrapped keys are kept
(`KeyStore`), and of each one that needs no service.
Never: writes an unwrapped key anywhere.

An erased person leaves a mark, so that no new key is made under the old name by accident.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from threading import Lock
from typing import Final, Protocol, final

from ingress.personal.box import Box
from ingress.personal.errors import EnvelopeDamagedError

KEY_BYTES: Final = 32
ERASED: Final = b""  # what is kept of a person without a key


class KeyWrap(Protocol):
    """A key management service: it keeps the master key, and sees data keys only."""

    def wrap(self, subject: str, key: bytes) -> bytes:
        """Return the key as it may be stored."""
        ...

    def unwrap(self, subject: str, wrapped: bytes) -> bytes:
        """Return the key. Raises `EnvelopeDamagedError` when it is not this person's."""
        ...


class KeyStore(Protocol):
    """Where wrapped keys are; safe to call from several threads."""

    def get(self, subject: str) -> bytes | None:
        """Return a wrapped key, `ERASED`, or None when nothing was ever kept."""
        ...

    def add(self, subject: str, wrapped: bytes) -> bytes:
        """Keep a first key; return the one that is kept, which may be another's just before."""
        ...

    def replace(self, subject: str, wrapped: bytes) -> None:
        """Keep this instead of what is kept; `ERASED` takes the key away for good."""
        ...

    def subjects(self) -> Iterator[str]:
        """Yield everybody who has a key."""
        ...


@final
class LocalWrap:
    """Wraps by AES-256-GCM under a master key of 32 bytes, bound to the person."""

    def __init__(self, master_key: bytes) -> None:
        if len(master_key) != KEY_BYTES:
            message = f"master_key has {len(master_key)} bytes, not {KEY_BYTES}"
            raise ValueError(message)
        self._box: Final = Box(master_key)

    def wrap(self, subject: str, key: bytes) -> bytes:
        """Return nonce and ciphertext."""
        return self._box.shut(key, subject.encode())

    def unwrap(self, subject: str, wrapped: bytes) -> bytes:
        """Return the key. Raises `EnvelopeDamagedError` for another person's or master's."""
        why = "was altered, or is another master key's"
        damaged = EnvelopeDamagedError(f"key of {subject}", why)
        return self._box.open(wrapped, subject.encode(), damaged)


@final
class MemoryKeys:
    """Keys that end with the process: for tests and sandboxes."""

    def __init__(self) -> None:
        self._kept: Final[dict[str, bytes]] = {}
        self._lock: Final = Lock()

    def get(self, subject: str) -> bytes | None:
        """Return what is kept."""
        return self._kept.get(subject)

    def add(self, subject: str, wrapped: bytes) -> bytes:
        """Keep the first."""
        with self._lock:
            return self._kept.setdefault(subject, wrapped)

    def replace(self, subject: str, wrapped: bytes) -> None:
        """Keep the newest."""
        with self._lock:
            self._kept[subject] = wrapped

    def subjects(self) -> Iterator[str]:
        """Yield everybody who has a key."""
        yield from [name for name, kept in tuple(self._kept.items()) if kept != ERASED]


@final
class FolderKeys:
    """One file a person, readable by its owner alone; the file's name is the hash of the subject.

    A file's first line is the subject, the rest its wrapped key. It is written beside and moved, so
    that a crash leaves the old or the new one.
    """

    def __init__(self, folder: Path) -> None:
        self._folder: Final = folder
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def get(self, subject: str) -> bytes | None:
        """Return what is kept."""
        try:
            return self._file(subject).read_bytes().partition(b"\n")[2]
        except FileNotFoundError:
            return None

    def add(self, subject: str, wrapped: bytes) -> bytes:
        """Keep the first: a link does not take another's place, whichever process made it."""
        written = self._written(subject, wrapped)
        try:
            os.link(written, self._file(subject))
        except FileExistsError:
            return self.get(subject) or ERASED
        else:
            self._settle()
            return wrapped
        finally:
            written.unlink()

    def replace(self, subject: str, wrapped: bytes) -> None:
        """Keep the newest."""
        self._written(subject, wrapped).replace(self._file(subject))
        self._settle()

    def subjects(self) -> Iterator[str]:
        """Yield everybody who has a key."""
        for file in sorted(self._folder.glob("*.key")):
            subject, _, wrapped = file.read_bytes().partition(b"\n")
            if wrapped != ERASED:
                yield subject.decode()

    def _file(self, subject: str) -> Path:
        return self._folder / f"{sha256(subject.encode()).hexdigest()}.key"

    def _written(self, subject: str, wrapped: bytes) -> Path:
        """Return a file beside, on disk, of mode 0600."""
        number, name = tempfile.mkstemp(dir=self._folder)
        with os.fdopen(number, "wb") as file:
            file.write(subject.encode() + b"\n" + wrapped)
            file.flush()
            os.fsync(file.fileno())
        return Path(name)

    def _settle(self) -> None:
        """Bring the folder's names to disk: an erased key must not come back with the power."""
        number = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(number)
        finally:
            os.close(number)
