"""Blame: which field of a message does not fit its schema.

Owns: the sentence about a refused message.
Never: on the path of a message that fits.
"""

from __future__ import annotations

from typing import Final, NoReturn

LONG_MAX: Final = (1 << 63) - 1
_PLAIN: Final = {"str": str, "int": int, "bool": bool, "bytes": bytes}


class CodecError(Exception):
    """A value or its bytes do not fit the schema."""


def unreadable(record: str, buf: bytes, pos: int, cause: Exception) -> NoReturn:
    """Say which record does not fit its schema and where."""
    if isinstance(cause, UnicodeDecodeError):
        why = "text is not UTF-8"
    elif isinstance(cause, KeyError):
        why = f"no such symbol, branch or flag: {cause.args[0]}"
    elif isinstance(cause, ValueError):
        why = str(cause)
    else:
        why = "the bytes end early or a length is negative"
    raise CodecError(f"{record}: {why}, byte {min(pos, len(buf))} of {len(buf)}") from cause


def unwritable(record: str, value: object, cause: Exception) -> NoReturn:
    """Say which field of a message does not fit its schema."""
    if type(value).__name__ != record:
        raise CodecError(f"{record}: got a {type(value).__name__}") from cause
    why = f"{cause.args[0]} is in no union here" if isinstance(cause, KeyError) else cause
    raise CodecError(f"{record}: {culprit(value) or why}") from cause


def culprit(value: object) -> str:
    """Return the first field whose plain type or range is wrong, with the path to it, or ''.

    A compiled message keeps no annotations and lets no wrong type in: only ranges are left to see.
    """
    annotations: dict[str, str] = getattr(type(value).__init__, "__annotations__", {})
    for name in getattr(value, "__match_args__", ()):
        found = getattr(value, name, None)
        why = _misfit(found, annotations.get(name, type(found).__name__))
        if why:
            return f"{name}{why}"
    return ""


def _misfit(found: object, annotation: str) -> str:
    wanted = annotation.removesuffix(" | None")
    if found is None:
        return " is None" if wanted == annotation else ""
    if isinstance(found, tuple | list):
        inner = wanted.removeprefix("tuple[").removesuffix(", ...]")
        whys = ((at, _misfit(each, inner)) for at, each in enumerate(found))
        return next((f"[{at}]{why}" for at, why in whys if why), "")
    if wanted in _PLAIN:
        return _plain_misfit(found, wanted)
    why = culprit(found)
    return f".{why}" if why else ""


def _plain_misfit(found: object, wanted: str) -> str:
    if not isinstance(found, _PLAIN[wanted]):
        return f" is a {type(found).__name__}, not a {wanted}"
    if isinstance(found, int) and not -LONG_MAX - 1 <= found <= LONG_MAX:
        return f" is {found}, outside 64 bits"
    return ""
