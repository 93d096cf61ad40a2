"""Documents: messages as JSON-ready dictionaries and back, for files people edit and for display.

Owns: the one generic way between a message and a plain dictionary; it goes through Avro, so the
schema decides.
Never: on the hot path; the generated codec is.
"""

from __future__ import annotations

from io import BytesIO
from typing import Any, TypeVar

from schemas.codec import FRAME_BYTES, CodecError, decode, encode, schema_id
from schemas.lock import read_lock
from schemas.messages.subjects import SUBJECTS

Message = TypeVar("Message")


def message_from_json(kind: type[Message], document: dict[str, Any]) -> Message:
    """Return the message a dictionary describes. Raises `CodecError` naming what does not fit."""
    from fastavro import schemaless_writer  # noqa: PLC0415 - costs 50 ms, and few commands need it

    body = BytesIO()
    try:
        schemaless_writer(body, _schema(kind), document, strict_allow_default=True)
    except Exception as cause:
        error = f"{kind.__name__}: {type(cause).__name__}: {cause}"
        raise CodecError(error) from cause
    return decode(kind, b"\x00" + schema_id(kind).to_bytes(4, "big") + body.getvalue())


def message_to_json(message: object) -> dict[str, Any]:
    """Return a message as a dictionary: enums as symbols, bytes as hex, unions with a `type`."""
    from fastavro import schemaless_reader  # noqa: PLC0415 - see above

    body = BytesIO(encode(message)[FRAME_BYTES:])
    schema = _schema(type(message))
    document = schemaless_reader(body, schema, None, return_record_name=True)
    assert isinstance(document, dict), "subjects are records"
    shown = _shown(document)
    assert isinstance(shown, dict), "a record is shown as a dictionary"
    return shown


def _shown(value: object) -> object:
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, tuple):  # a record of a union, with its name
        name, record = value
        return {"type": str(name).rpartition(".")[2], **{k: _shown(v) for k, v in record.items()}}
    if isinstance(value, dict):
        return {key: _shown(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_shown(item) for item in value]
    return value


def _schema(kind: type) -> dict[str, Any]:
    lock = read_lock()
    for subject in SUBJECTS:
        if subject.message is kind:
            return lock[subject.fullname][-1].schema
    error = f"{kind.__name__} is not a subject"
    raise CodecError(error)
