"""Encoding: history rows as the bytes that a prepared statement's values are on the wire.

Owns: the wire form of text, numbers and lines in CQL's native protocol, in the order of
`PUT_HISTORY` and `PUT_MONTH`.
Never: I/O; decides what a row says.

The driver binds a row by asking an object per column how it is written, 28 µs a row. The columns
are known here, so their bytes are written straight; a test compares them with the driver's.
"""

from __future__ import annotations

from struct import Struct
from typing import Final

from ledger.history import HistoryKey, HistoryRow, Lines

Values = list[bytes]

_INT: Final = Struct(">i").pack
_LONG: Final = Struct(">q").pack
_COUNTED_LONG: Final = Struct(">iq").pack
LONG_BYTES: Final = 8
# An account and its currency have the same bytes in every line: a few dozen pairs there are.
PAIRS_KNOWN_MAX: Final = 4_096
_NO_LINES: Final = _INT(0)
_pairs: Final[dict[tuple[str, str], bytes]] = {}


def history_values(row: HistoryRow) -> Values:
    """Return the values of `PUT_HISTORY`: the row's, and its sequence as their timestamp."""
    sequence = _LONG(row[2])
    return [
        row[0].encode(),
        _INT(row[1]),
        sequence,
        _INT(row[3]),
        _LONG(row[4]),
        row[5].encode(),
        row[6].encode(),
        row[7].encode(),
        row[8].encode(),
        row[9].encode(),
        row[10].encode(),
        row[11].encode(),
        row[12].encode(),
        _lines(row[13]),
        _lines(row[14]),
        sequence,
    ]


def month_values(key: HistoryKey) -> Values:
    """Return the values of `PUT_MONTH`."""
    return [key[0].encode(), _INT(key[1])]


def _lines(lines: Lines) -> bytes:
    """Write a list of (text, text, bigint)."""
    if not lines:
        return _NO_LINES
    parts = [_INT(len(lines))]
    for account, currency, amount in lines:
        pair = _pairs.get((account, currency))
        if pair is None:
            pair = _pair(account, currency)
        parts.append(pair)
        parts.append(_COUNTED_LONG(LONG_BYTES, amount))
    return b"".join(parts)


def _pair(account: str, currency: str) -> bytes:
    """Write the length of a line and its two texts."""
    texts = b"".join(_counted(text.encode()) for text in (account, currency))
    pair = _INT(len(texts) + 4 + LONG_BYTES) + texts
    if len(_pairs) < PAIRS_KNOWN_MAX:
        _pairs[account, currency] = pair
    return pair


def _counted(data: bytes) -> bytes:
    return _INT(len(data)) + data
