"""Wire: Avro's variable-length numbers and lengths, as the generated codec uses them.

Owns: the tables of small numbers and the slow paths.
Never: knows a message.

Generated code keeps the short cases inline: one byte below 128 is looked up in a table, all
else comes here. Reading past the end raises `IndexError` by itself or leaves a position behind
the end, which `schemas.codec` refuses; both become a `CodecError`.
"""

from __future__ import annotations

from struct import Struct, error
from typing import Final, NoReturn

from mypy_extensions import i64

from schemas.currencies import EXPONENTS

LONG_MIN: Final = -(1 << 63)
LONG_MAX: Final = (1 << 63) - 1
INT_MIN: Final = -(1 << 31)
INT_MAX: Final = (1 << 31) - 1
CONTINUES: Final = 128
VARINT_BYTES_MAX: Final = 10
# Above this a length is past the end of any record, so the next read fails.
BEYOND_ANY_RECORD: Final = 1 << 40


def _varint(zigzag: int) -> bytes:
    out = bytearray()
    while zigzag >= CONTINUES:
        out.append(zigzag & 127 | CONTINUES)
        zigzag >>= 7
    out.append(zigzag)
    return bytes(out)


# Bytes of the numbers -64..8191: the last 64 places are those of -64..-1, so that plain
# indexing finds both signs. Costs 0.3 MB once.
SMALL_END: Final = 8192
SMALL: Final = (
    *(_varint(number << 1) for number in range(SMALL_END)),
    *(_varint(-number * 2 - 1) for number in range(-64, 0)),
)
# Two bytes for the low 14 bits of a longer number, and its last one or two bytes.
PAIR: Final = tuple(bytes((each & 127 | CONTINUES, each >> 7 | CONTINUES)) for each in range(16384))
LAST: Final = tuple(_varint(each) for each in range(16384))
# Value of a one-byte number; a length that would be negative becomes one past every end.
UNZIGZAG: Final = tuple((each >> 1) ^ -(each & 1) for each in range(CONTINUES))
# Value of a two-byte number by its second byte and its first, which is 128 or more.
UNZIGZAG_PAIR: Final = tuple(
    (each >> 1) ^ -(each & 1) for each in range(-CONTINUES, CONTINUES * CONTINUES)
)
LENGTH: Final = tuple(BEYOND_ANY_RECORD if each & 1 else each >> 1 for each in range(CONTINUES))
FLAG: Final = (False, True)
FLAG_BYTES: Final = (b"\x00", b"\x01")
# A currency code has always the same four bytes; the table also makes equal codes one object.
CURRENCY_BYTES: Final = {code: b"\x06" + code.encode() for code in EXPONENTS}
CURRENCY_TEXTS: Final = {data: code for code, data in CURRENCY_BYTES.items()}
NULL: Final = b"\x00"
SOME: Final = b"\x02"


def long_bytes(number: int) -> bytes:
    """Write any 64-bit number."""
    if LONG_MIN <= number <= LONG_MAX:
        zigzag = (number << 1) ^ (number >> 63)
        if zigzag < 1 << 14:
            return LAST[zigzag]
        if zigzag < 1 << 28:
            return PAIR[zigzag & 16383] + LAST[zigzag >> 14]
        if 1 << 49 <= zigzag < 1 << 56:
            return _eight_bytes(zigzag)
        low = zigzag & 0xFFFFFFF
        high = zigzag >> 28
        if high < 1 << 14:
            return PAIR[low & 16383] + PAIR[low >> 14] + LAST[high]
        if high < 1 << 28:  # seven bytes; eight are done above
            return PAIR[low & 16383] + PAIR[low >> 14] + PAIR[high & 16383] + LAST[high >> 14]
        return (
            PAIR[low & 16383]
            + PAIR[low >> 14]
            + PAIR[high & 16383]
            + PAIR[high >> 14 & 16383]
            + _varint(high >> 28)
        )
    raise OverflowError("number outside 64 bits")


def int_bytes(number: int) -> bytes:
    """Write any 32-bit number."""
    if INT_MIN <= number <= INT_MAX:
        return long_bytes(number)
    raise OverflowError("number outside 32 bits")


def string_bytes(text: str) -> bytes:
    """Write length and UTF-8 bytes."""
    data = text.encode()
    return long_bytes(len(data)) + data


def blob_bytes(data: bytes) -> bytes:
    """Write length and bytes."""
    return long_bytes(len(data)) + data


def wrong_symbol(value: object, field: str, wanted: str) -> NoReturn:
    """Refuse what is no member of the field's enum."""
    raise TypeError(f"{field} is a {type(value).__name__}, not a {wanted}")


def read_long(buf: bytes, pos: int) -> tuple[int, int]:
    """Read a number of any length; most have two to four bytes."""
    first = buf[pos]
    if first < CONTINUES:
        return UNZIGZAG[first], pos + 1
    second = buf[pos + 1]
    if second < CONTINUES:
        zigzag = first + (second << 7) - 0x80
        return (zigzag >> 1) ^ -(zigzag & 1), pos + 2
    third = buf[pos + 2]
    if third < CONTINUES:
        zigzag = first + (second << 7) + (third << 14) - 0x4080
        return (zigzag >> 1) ^ -(zigzag & 1), pos + 3
    fourth = buf[pos + 3]
    if fourth < CONTINUES:
        zigzag = first + (second << 7) + (third << 14) + (fourth << 21) - 0x204080
        return (zigzag >> 1) ^ -(zigzag & 1), pos + 4
    return _read_longer(buf, pos)


_READ_WORD: Final = Struct("<q").unpack_from
_WRITE_WORD: Final = Struct("<q").pack
# The bit of each byte that says whether the number goes on; of eight bytes all, and all but the
# last one's.
_ALL_GO_ON: Final = -0x7F7F7F7F7F7F7F80
_SEVEN_GO_ON: Final = 0x0080808080808080
# Every second seven bits, fourteen bits, and the lower twenty-eight.
_SEVENS: Final = 0x007F007F007F007F
_FOURTEENS: Final = 0x00003FFF00003FFF
_TWENTY_EIGHT: Final = 0x000000000FFFFFFF


def read_timestamp(buf: bytes, pos: int) -> tuple[int, int]:
    """Read a number that has eight bytes when it is a time of this century in microseconds."""
    try:
        word: i64 = _READ_WORD(buf, pos)[0]
    except error:
        return read_long(buf, pos)
    if word & _ALL_GO_ON != _SEVEN_GO_ON:
        return read_long(buf, pos)
    # Seven bits of each byte move together: by twos, by fours, by eights.
    word = (word & _SEVENS) | ((word >> 1) & (_SEVENS << 7))
    word = (word & _FOURTEENS) | ((word >> 2) & (_FOURTEENS << 14))
    word = (word & _TWENTY_EIGHT) | ((word >> 4) & (_TWENTY_EIGHT << 28))
    return (word >> 1) ^ -(word & 1), pos + 8


def _eight_bytes(zigzag: int) -> bytes:
    """Write what has eight bytes: every time of this century.

    Their low bits are never the same twice, so tables of them would be read from slow memory.
    """
    word: i64 = zigzag
    # Seven bits for each byte move apart together: by eights, by fours, by twos.
    word = (word & _TWENTY_EIGHT) | ((word & (_TWENTY_EIGHT << 28)) << 4)
    word = (word & _FOURTEENS) | ((word & (_FOURTEENS << 14)) << 2)
    word = (word & _SEVENS) | ((word & (_SEVENS << 7)) << 1)
    data: bytes = _WRITE_WORD(word | _SEVEN_GO_ON)
    return data


def _read_longer(buf: bytes, pos: int) -> tuple[int, int]:
    zigzag = shift = 0
    for place in range(pos, pos + VARINT_BYTES_MAX):
        byte = buf[place]
        zigzag |= (byte & 127) << shift
        if byte < CONTINUES:
            if zigzag >> 64:
                break
            return (zigzag >> 1) ^ -(zigzag & 1), place + 1
        shift += 7
    raise ValueError("number outside 64 bits")


def read_int(buf: bytes, pos: int) -> tuple[int, int]:
    """Read a number that must fit 32 bits."""
    number, end = read_long(buf, pos)
    if INT_MIN <= number <= INT_MAX:
        return number, end
    raise ValueError("number outside 32 bits")


def read_string(buf: bytes, pos: int) -> tuple[str, int]:
    """Read any text."""
    start, end = read_length(buf, pos)
    return buf[start:end].decode(), end


def read_length(buf: bytes, pos: int) -> tuple[int, int]:
    """Read a length of 64 or more; return start and end of what it measures."""
    size, start = read_long(buf, pos)
    if size < 0:
        raise ValueError("negative length")
    # An end that is no index would raise OverflowError where the next read expects IndexError.
    return start, start + min(size, BEYOND_ANY_RECORD)


def read_count(buf: bytes, pos: int) -> tuple[int, int]:
    """Read the count of an array's block that is not the final zero."""
    count, start = read_long(buf, pos)
    if count < 0:
        size, start = read_long(buf, start)
        count = -count
        if size < count:
            raise ValueError(f"block of {count} items in {size} bytes")
    if not 0 < count <= len(buf) - start:
        raise ValueError(f"count {count} is past the end")
    return count, start
