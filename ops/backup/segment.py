"""Segment: records of one topic partition as the bytes of a file.

Owns: the form, in gzip: the line `ledger-segment-1`, then each record as its length and
offset, time in milliseconds, key, value, headers; numbers are big-endian, a length of -1 is null.
Never: touches a file.
"""

from __future__ import annotations

import gzip
import struct
import zlib
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from ops.backup.errors import DamagedError

MAGIC: Final = b"ledger-segment-1\n"
FAST: Final = 4  # level of compression: half the time of the usual 6 for a twentieth more bytes
_LENGTH: Final = struct.Struct(">i")
_PLACE: Final = struct.Struct(">qq")
_COUNT: Final = struct.Struct(">H")
NULL: Final = -1

Headers = tuple[tuple[str, bytes | None], ...]


class Entry(NamedTuple):
    """One record as it lay in its partition; time in milliseconds, as Kafka keeps it."""

    offset: int
    time_ms: int
    key: bytes | None
    value: bytes | None
    headers: Headers


def packed(entries: Iterable[Entry]) -> bytes:
    """Return the bytes of a file; the same entries give the same bytes."""
    frames = [MAGIC]
    for entry in entries:
        frame = _frame(entry)
        frames += (_LENGTH.pack(len(frame)), frame)
    return gzip.compress(b"".join(frames), FAST, mtime=0)


def unpacked(data: bytes, name: str) -> Iterator[Entry]:
    """Yield the records of a file. Raises `DamagedError` naming it."""
    try:
        plain = gzip.decompress(data)
    except (OSError, EOFError, zlib.error) as error:
        raise DamagedError(f"{name}: is no whole gzip file: {error}") from error
    if not plain.startswith(MAGIC):
        raise DamagedError(f"{name}: is no segment of this format")
    at = len(MAGIC)
    while at < len(plain):
        try:
            (length,) = _LENGTH.unpack_from(plain, at)
            at += _LENGTH.size
            entry, end = _entry(plain, at)
        except (struct.error, UnicodeDecodeError) as error:
            raise DamagedError(f"{name}: its record at byte {at} is cut off") from error
        if end != at + length:
            raise DamagedError(f"{name}: its record at byte {at} is not as long as it says")
        at = end
        yield entry


def _frame(entry: Entry) -> bytes:
    parts = [_PLACE.pack(entry.offset, entry.time_ms), _field(entry.key), _field(entry.value)]
    parts.append(_COUNT.pack(len(entry.headers)))
    for name, value in entry.headers:
        parts += (_field(name.encode()), _field(value))
    return b"".join(parts)


def _field(data: bytes | None) -> bytes:
    return _LENGTH.pack(NULL) if data is None else _LENGTH.pack(len(data)) + data


def _entry(data: bytes, at: int) -> tuple[Entry, int]:
    offset, time_ms = _PLACE.unpack_from(data, at)
    key, at = _field_at(data, at + _PLACE.size)
    value, at = _field_at(data, at)
    (count,) = _COUNT.unpack_from(data, at)
    at += _COUNT.size
    headers: list[tuple[str, bytes | None]] = []
    for _ in range(count):
        name, at = _field_at(data, at)
        content, at = _field_at(data, at)
        headers.append(((name or b"").decode(), content))
    return Entry(offset, time_ms, key, value, tuple(headers)), at


def _field_at(data: bytes, at: int) -> tuple[bytes | None, int]:
    (length,) = _LENGTH.unpack_from(data, at)
    at += _LENGTH.size
    if length == NULL:
        return None, at
    if length < 0 or at + length > len(data):
        raise struct.error
    return data[at : at + length], at + length
