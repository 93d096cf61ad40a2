"""Trace: which trace a record belongs to, as its header `traceparent` says it (W3C Trace Context).

Owns: reading and writing that header, how the ids of spans are made, who is sampled.
Never: fails on what a stranger wrote; carries `tracestate` or baggage, which hold other people's
words and would stay in the log for as long as it does.

The ids are hashes of what they belong to: a transaction that is decided again says the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from hashlib import sha256
from typing import Final, NamedTuple

HEADER: Final = "traceparent"
LENGTH_MAX: Final = 256  # of a version yet to come; ours has 55
SAMPLED: Final = 1  # the flag's bit
SPAN_DIGITS: Final = 16
TRACE_DIGITS: Final = 32
_FORM: Final = re.compile(rb"(?!ff)([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?")
_PRESENT: Final = b"00"  # a version that has nothing behind the flags


class Trace(NamedTuple):
    """One span and the trace it is part of: hexadecimal digits, as the header has them."""

    trace_id: str
    span_id: str
    sampled: bool

    @property
    def header(self) -> bytes:
        """Return the value of the header."""
        return f"00-{self.trace_id}-{self.span_id}-{self.sampled:02x}".encode()

    def child(self, *named: object) -> Trace:
        """Return the span below this one that goes by these names, always the same."""
        digits = _digest(self.trace_id, self.span_id, *named)[:SPAN_DIGITS]
        return Trace(self.trace_id, digits, self.sampled)


def read(given: str | bytes | None) -> Trace | None:
    """Return what a header says; None when it says nothing, or nothing that can be read."""
    if not given:
        return None
    value = given.encode("ascii", "replace") if isinstance(given, str) else given
    found = _FORM.fullmatch(value) if len(value) <= LENGTH_MAX else None
    if found is None or (found[1] == _PRESENT and found[5] is not None):
        return None
    trace_id, span_id = found[2].decode(), found[3].decode()
    if not (trace_id.strip("0") and span_id.strip("0")):
        return None
    return Trace(trace_id, span_id, bool(int(found[4], 16) & SAMPLED))


def begun(wallet_id: str, command_id: str, ratio: float) -> Trace | None:
    """Return the trace of a command that nobody traces; None for all but this ratio of them.

    The same command has the same trace, also when it is sent again.
    """
    if ratio <= 0:
        return None
    digits = _digest(wallet_id, command_id)
    drawn = int(digits[-SPAN_DIGITS:], 16) / 16**SPAN_DIGITS
    if drawn >= ratio:
        return None
    return Trace(digits[:TRACE_DIGITS], _digest(digits)[:SPAN_DIGITS], sampled=True)


def sampled_in(headers: Iterable[tuple[str, object]]) -> bytes:
    """Return the header of a record that is sampled, as it stands; empty for any other record."""
    for name, value in headers:
        if name == HEADER:
            found = read(value) if isinstance(value, bytes) else None
            return found.header if found is not None and found.sampled else b""
    return b""


def read_ratio(text: str) -> float:
    """Return the share of commands that LEDGER_TRACES_RATIO names. Raises `ValueError`."""
    try:
        ratio = float(text or "0")
    except ValueError:
        ratio = -1.0
    if not 0 <= ratio <= 1:
        raise ValueError(f"LEDGER_TRACES_RATIO is a number from 0 to 1, not {text!r}")
    return ratio


def _digest(*named: object) -> str:
    return sha256("\n".join(map(str, named)).encode()).hexdigest()
