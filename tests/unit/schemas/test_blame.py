"""A refused message names the record and the field."""

import pytest

from schemas.blame import CodecError, culprit, unwritable
from schemas.codec import encode
from schemas.messages.commands import OpenWallet, WalletCommand
from schemas.messages.journal import JournalEntry, Posting
from schemas.messages.rows import HeadRow, TimerRow
from schemas.messages.vocabulary import Tier, WalletKind

pytestmark = pytest.mark.pure  # a compiled message refuses another type when it is made

OPEN = OpenWallet(WalletKind.CUSTOMER, Tier.BASIC, ("EUR",))


@pytest.mark.parametrize(
    ("message", "why"),
    [
        (lambda: WalletCommand(None, "w-1", 1, OPEN), "WalletCommand: command_id is None$"),
        (
            lambda: WalletCommand("c-1", b"w", 1, OPEN),
            "WalletCommand: wallet_id is a bytes, not a str",
        ),
        (
            lambda: WalletCommand("c-1", "w-1", 1.5, OPEN),
            "WalletCommand: issued_at is a float, not a int",
        ),
        (
            lambda: WalletCommand("c-1", "w-1", 1 << 63, OPEN),
            "issued_at is 9223372036854775808, outside",
        ),
        (lambda: WalletCommand("c-1", "w-1", 1, None), "WalletCommand: body is None"),
        (lambda: WalletCommand("c-1", "w-1", 1, "open"), "'str'> is in no union here"),
        (lambda: WalletCommand("\ud800", "w-1", 1, OPEN), "surrogates not allowed"),
        (lambda: TimerRow("HOLD", 1, "w-1", "t-1"), "TimerRow: kind is a str, not a TimerKind"),
        (
            lambda: TimerRow(Tier.BASIC, 1, "w-1", "t-1"),
            "TimerRow: kind is a Tier, not a TimerKind",
        ),
        (
            lambda: WalletCommand(
                "c", "w", 1, OpenWallet(WalletKind.CUSTOMER, Tier.BASIC, ("EUR", 5))
            ),
            r"OpenWallet: currencies\[1\] is a int, not a str",
        ),
    ],
)
def test_the_field_is_named(message, why):
    with pytest.raises(CodecError, match=why):
        encode(message())


def test_text_in_a_bytes_field_is_found_when_the_pieces_are_joined():
    with pytest.raises(CodecError, match="HeadRow: chain is a str, not a bytes"):
        encode(HeadRow(1, 2, "chain", 1))


def test_the_path_to_the_field():
    entry = JournalEntry(0, "F4", (Posting("A", "B", "EUR", 1), Posting("A", None, "EUR", 1)))
    assert culprit(entry) == "postings[1].owner is None"
    assert culprit(JournalEntry(0, "F4", (Posting("A", "B", "EUR", 1),))) == ""
    assert culprit(7) == ""


def test_another_class_is_named():
    with pytest.raises(CodecError, match="Posting: got a JournalEntry"):
        unwritable("Posting", JournalEntry(0, "", ()), TypeError("x"))
