"""Codec: messages to framed bytes and back.

Owns: the frame (0x00, schema id in four bytes, Avro), the choice of decoder, upcasting.
Never: touches a network; ids come from the committed lock.

Bytes of the newest version take the generated decoder. Older known versions are read with
their own schema and resolved to today's by fastavro, here and nowhere else.
"""

from __future__ import annotations

from functools import cache
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final, TypeVar

from schemas.blame import CodecError, culprit
from schemas.lock import StaleLock, Version, read_lock
from schemas.messages.subjects import SUBJECTS

if TYPE_CHECKING:
    from collections.abc import Callable

    from schemas.messages.subjects import Subject

__all__ = [
    "CodecError",
    "StaleLock",
    "UnknownSchema",
    "decode",
    "decode_any",
    "decode_partly",
    "encode",
    "schema_id",
]

FRAME_BYTES: Final = 5
MAGIC: Final = b"\x00"

Message = TypeVar("Message")


class UnknownSchema(CodecError):
    """The frame is missing or names an id that is not in the lock."""


def encode(message: object) -> bytes:
    """Return the framed bytes of a message that is a subject."""
    try:
        frame, write = _WRITERS[message.__class__]
    except KeyError:
        raise CodecError(
            f"{type(message).__name__} is not a subject: it never stands alone"
        ) from None
    out = [frame]
    write(out, message)
    try:
        return b"".join(out)
    except TypeError as cause:
        raise CodecError(f"{type(message).__name__}: {culprit(message) or cause}") from cause


def decode(kind: type[Message], data: bytes) -> Message:
    """Return the message of that class from framed bytes of any locked version."""
    frame, read = _READERS[kind]
    if not data.startswith(frame):
        return _decode_other(kind, data)
    message, end = read(data, FRAME_BYTES)
    if end != len(data):
        _refuse_end(kind, data, end)
    return message  # type: ignore[no-any-return]


def decode_partly(kind: type[Message], data: bytes) -> Message:
    """Return the message, but leave empty what a fold of the log never asks for (`emit_skip`)."""
    frame, read = _PARTIAL_READERS[kind]
    if not data.startswith(frame):
        return _decode_other(kind, data)
    message, end = read(data, FRAME_BYTES)
    if end != len(data):
        _refuse_end(kind, data, end)
    return message  # type: ignore[no-any-return]


def decode_any(data: bytes) -> object:
    """Return the message in framed bytes, of whichever subject its id names."""
    return decode(_known(data)[0].message, data)


def schema_id(kind: type) -> int:
    """Return the id that messages of this class are written under."""
    return int.from_bytes(_READERS[kind][0], "big")


def _decode_other(kind: type[Message], data: bytes) -> Message:
    """Read bytes of an older version of the subject: upcasting."""
    subject, version = _known(data)
    if subject.message is not kind:
        raise CodecError(f"{kind.__name__} expected, the id in the frame names {subject.fullname}")
    body = _upcast(data, subject.fullname, version)
    message, end = subject.decode(body, 0)
    assert end == len(body), "fastavro wrote one record"
    return message  # type: ignore[no-any-return]


def _known(data: bytes) -> tuple[Subject, Version]:
    if len(data) < FRAME_BYTES or not data.startswith(MAGIC):
        raise UnknownSchema("no frame: a message starts with 0x00 and a schema id of four bytes")
    number = int.from_bytes(data[1:FRAME_BYTES], "big")
    if number not in _KNOWN:
        raise UnknownSchema(f"schema id {number} is not in the lock")
    return _KNOWN[number]


def _upcast(data: bytes, subject: str, version: Version) -> bytes:
    """Return the body of old bytes rewritten under the newest schema."""
    # Only old bytes need it, and loading it costs a producer 50 ms.
    from fastavro import schemaless_reader, schemaless_writer  # noqa: PLC0415

    writer, reader = _parsed(subject, version.schema_id)
    source = BytesIO(data[FRAME_BYTES:])
    target = BytesIO()
    try:
        value = schemaless_reader(source, writer, reader, return_record_name=True)
        schemaless_writer(target, reader, value)
    except Exception as cause:  # fastavro raises whatever the bytes provoke
        raise CodecError(
            f"{subject}: old bytes do not fit their schema: {type(cause).__name__}: {cause}"
        ) from cause
    if source.tell() != len(data) - FRAME_BYTES:
        raise CodecError(f"{subject}: bytes left over after byte {source.tell() + FRAME_BYTES}")
    return target.getvalue()


@cache
def _parsed(subject: str, number: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return an old version's schema and the newest, each ready for fastavro."""
    from fastavro import parse_schema  # noqa: PLC0415 - see above

    versions = read_lock()[subject]
    old = next(each for each in versions if each.schema_id == number)
    parsed = [parse_schema(each.schema) for each in (old, versions[-1])]
    assert isinstance(parsed[0], dict)
    assert isinstance(parsed[1], dict)
    return parsed[0], parsed[1]


def _refuse_end(kind: type, data: bytes, end: int) -> None:
    if end < len(data):
        error = f"{kind.__name__}: bytes left over after byte {end} of {len(data)}"
    else:
        error = f"{kind.__name__}: the bytes end early, at byte {len(data)}"
    raise CodecError(error)


_READERS: Final[dict[type, tuple[bytes, Callable[[bytes, int], tuple[Any, int]]]]] = {}
_PARTIAL_READERS: Final[dict[type, tuple[bytes, Callable[[bytes, int], tuple[Any, int]]]]] = {}
_WRITERS: Final[dict[type, tuple[bytes, Callable[[list[bytes], Any], None]]]] = {}
_KNOWN: Final[dict[int, tuple[Subject, Version]]] = {}


def _load() -> None:
    lock = read_lock()
    for subject in SUBJECTS:
        versions = lock.get(subject.fullname, ())
        if not versions or versions[-1].fingerprint != subject.fingerprint:
            raise StaleLock(
                f"{subject.fullname}: run `python -m schemas.registry --register` first"
            )
        frame = MAGIC + versions[-1].schema_id.to_bytes(4, "big")
        _READERS[subject.message] = (frame, subject.decode)
        _PARTIAL_READERS[subject.message] = (frame, subject.decode_partly)
        _WRITERS[subject.message] = (frame, subject.encode)
        for version in versions:
            _KNOWN[version.schema_id] = (subject, version)


_load()
