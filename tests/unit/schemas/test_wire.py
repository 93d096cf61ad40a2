"""Numbers and lengths at their borders, with fastavro as the oracle."""

from io import BytesIO

import pytest
from fastavro import schemaless_writer
from hypothesis import example, given
from hypothesis import strategies as st

from schemas import wire
from schemas.blame import CodecError
from schemas.messages.codec.journal import (
    decode_journal_entry,
    decode_posting,
    encode_journal_entry,
    encode_posting,
)
from schemas.messages.codec.rows import decode_outflow_row, encode_outflow_row
from schemas.messages.journal import JournalEntry, Posting
from schemas.messages.rows import OutflowRow, RollingWindow

BORDERS = sorted(
    {
        sign * (1 << bits) + off
        for bits in range(64)
        for sign in (1, -1)
        for off in (-1, 0, 1)
        if wire.LONG_MIN <= sign * (1 << bits) + off <= wire.LONG_MAX
    }
)


def by_oracle(number):
    out = BytesIO()
    schemaless_writer(out, "long", number)
    return out.getvalue()


@pytest.mark.parametrize("read", [wire.read_long, wire.read_timestamp])
def test_every_border_of_a_long(read):
    for number in BORDERS:
        data = by_oracle(number)
        assert wire.long_bytes(number) == data
        for after in (b"", b"\xff" * 9, b"\x00" * 9):
            assert read(b"\xff" + data + after, 1) == (number, 1 + len(data))


@given(st.integers(wire.LONG_MIN, wire.LONG_MAX))
@example(1 << 55)
@example(-(1 << 55) - 1)
def test_any_long(number):
    data = wire.long_bytes(number)
    assert data == by_oracle(number)
    assert wire.read_long(data, 0) == wire.read_timestamp(data, 0) == (number, len(data))


def test_tables_hold_the_small_numbers():
    for number in range(-64, wire.SMALL_END):
        assert wire.SMALL[number] == by_oracle(number)


@pytest.mark.parametrize("number", [wire.LONG_MAX + 1, wire.LONG_MIN - 1, 1 << 80])
def test_a_number_beyond_64_bits_is_not_written(number):
    with pytest.raises(OverflowError):
        wire.long_bytes(number)
    with pytest.raises(CodecError, match=f"Posting: amount is {number}, outside 64 bits"):
        encode_posting([], Posting("W.AVL", "w-1", "EUR", number))


@pytest.mark.parametrize("number", [1 << 31, -(1 << 31) - 1])
def test_an_int_beyond_32_bits_is_neither_written_nor_read(number):
    with pytest.raises(CodecError, match="JournalEntry: number outside 32 bits"):
        encode_journal_entry([], JournalEntry(number, "F4", ()))
    with pytest.raises(CodecError, match="JournalEntry: number outside 32 bits, byte 0 of"):
        decode_journal_entry(wire.long_bytes(number) + b"\x04F4\x00", 0)


@pytest.mark.parametrize(
    "data",
    [
        b"\xff" * 10 + b"\x01",  # eleven bytes
        b"\xff" * 9 + b"\x02",  # 65 bits
        b"\x80" * 9 + b"\x7f",
    ],
)
@pytest.mark.parametrize("read", [wire.read_long, wire.read_timestamp])
def test_a_number_too_long_is_refused(data, read):
    with pytest.raises(ValueError, match="outside 64 bits"):
        read(data + b"\x00" * 8, 0)


def test_a_timestamp_at_the_very_end_is_read():
    windows = [RollingWindow(0, 0, 0, 0)] * 3
    row = OutflowRow(0, 1, *windows, 0, 0, 0, 0, (1 << 50, 7, 1 << 50))
    pieces = []
    encode_outflow_row(pieces, row)
    data = b"".join(pieces)
    assert decode_outflow_row(data, 0) == (row, len(data))


@pytest.mark.parametrize("code", ["EUR", "PTS", "XXX", "eur", "", "EU", "EURO", "€", "é" * 70])
def test_any_currency_text_survives(code):
    pieces = []
    encode_posting(pieces, Posting("W.AVL", "w-1", code, 1))
    data = b"".join(pieces)
    assert decode_posting(data, 0) == (Posting("W.AVL", "w-1", code, 1), len(data))


def test_equal_currencies_are_one_object():
    pieces = []
    encode_posting(pieces, Posting("W.AVL", "w-1", "EUR", 1))
    data = b"".join(pieces)
    assert decode_posting(data, 0)[0].currency is decode_posting(data, 0)[0].currency


ENTRY = b"\x00\x04F4"
LINE = b"\x02A\x02B\x06EUR\x02"
POSTING = Posting("A", "B", "EUR", 1)


@pytest.mark.parametrize(
    ("blocks", "count"),
    [
        (b"\x00", 0),
        (b"\x02" + LINE + b"\x00", 1),
        (b"\x02" + LINE + b"\x04" + LINE * 2 + b"\x00", 3),
        (b"\x01\x12" + LINE + b"\x00", 1),  # count -1, then the block's size
        (wire.long_bytes(-200) + wire.long_bytes(1800) + LINE * 200 + b"\x00", 200),
        (wire.long_bytes(200) + LINE * 200 + b"\x00", 200),
    ],
)
def test_every_form_of_an_array_is_read(blocks, count):
    data = ENTRY + blocks
    assert decode_journal_entry(data, 0) == (JournalEntry(0, "F4", (POSTING,) * count), len(data))


@pytest.mark.parametrize(
    ("blocks", "why"),
    [
        (b"", "end early"),
        (b"\x02" + LINE, "end early"),
        (b"\x04" + LINE + b"\x00", "end early"),
        (b"\x80\x00", "count 0"),
        (b"\xfe\xff\xff\xff\x0f" + LINE + b"\x00", "past the end"),
        (b"\x01\x00" + LINE + b"\x00", "block of 1 items in 0 bytes"),
        (b"\x01\x13" + LINE + b"\x00", "block of 1 items in"),
    ],
)
def test_a_broken_array_is_refused(blocks, why):
    with pytest.raises(CodecError, match=f"JournalEntry: .*{why}.*, byte [0-9]+ of [0-9]+"):
        decode_journal_entry(ENTRY + blocks, 0)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"\x03AB", "length is negative"),
        (b"\x83\x01" + b"A" * 80, "negative length"),
        (b"\x04\xff\xfe\x02B\x06EUR\x02", "not UTF-8"),
        (b"\x84\xff\xff\xff\xff\xff\xff\xff\xff\x01", "length"),
    ],
)
def test_a_broken_text_is_refused(data, why):
    with pytest.raises(CodecError, match=f"Posting: .*{why}"):
        decode_posting(data, 0)
