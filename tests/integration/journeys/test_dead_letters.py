"""Records nobody can read or route: refused by reason, and kept with their coordinates."""

import pytest

from ingress.sdk import Outcome, TopUp, Transfer, stamp
from schemas.codec import encode
from schemas.messages.results import Result
from schemas.messages.vocabulary import Stage
from topics.catalog import COMMANDS

GOOD = encode(stamp("w-reader", Transfer("w-2", "EUR", 1)))
RESULT = encode(Result("w-1", "c-1", Outcome.ACCEPTED, None, "", Stage.FINAL, 0, 1, None, 1))


@pytest.mark.parametrize(
    ("value", "reason", "told"),
    [
        (b"\x7b not avro \x7d", "UNREADABLE", "no frame: a message starts with 0x00"),
        (b"", "UNREADABLE", "no frame"),
        (None, "UNREADABLE", "the record has no value"),
        (
            b"\x00\x7f\xff\xff\xff" + GOOD[5:],
            "UNREADABLE",
            "schema id 2147483647 is not in the lock",
        ),
        (RESULT, "UNREADABLE", "WalletCommand expected"),
        (GOOD[:-1], "UNREADABLE", "the bytes end early"),
        (GOOD + b"\x00", "UNREADABLE", "left over"),
        (GOOD + b"x" * 70_000, "TOO_LARGE", "at most 65536 are taken"),
    ],
    ids=[
        "garbage",
        "empty",
        "no value",
        "unknown schema",
        "another message",
        "cut short",
        "trailing bytes",
        "over 64 KiB",
    ],
)
@pytest.mark.parametrize("key", [b"w-poison", None], ids=["key", "no key"])
def test_the_bytes_are_kept_with_their_coordinates(ledger, value, reason, told, key):
    offset = ledger.put(value, key=key, partition=3)
    decision = ledger.decision_on(3, offset)
    assert (decision.outcome, decision.reason) == (Outcome.REJECTED, reason)
    assert told in decision.detail
    assert (decision.input, decision.input_length) == (b"", len(value or b""))
    letter = ledger.letter_on(3, offset)
    assert (letter.topic, letter.partition, letter.offset) == (COMMANDS.name, 3, offset)
    assert (letter.reason, letter.sequence) == (reason, decision.sequence)
    assert (letter.value, letter.key) == (value, key)
    assert letter.detail == decision.detail


@pytest.mark.parametrize(
    ("key_size", "value_size"), [(520_000, 520_000), (1_000_000, 10), (10, 1_000_000)]
)
def test_whatever_fits_into_the_topic_can_be_answered(ledger, key_size, value_size):
    offset = ledger.put(b"v" * value_size, key=b"k" * key_size, partition=3)
    decision = ledger.decision_on(3, offset)
    assert decision.outcome is Outcome.REJECTED
    letter = ledger.letter_on(3, offset)
    assert letter.length == value_size
    assert letter.value in (None, b"v" * value_size)
    assert b"k" * key_size == letter.key or len(letter.key) == 65_536


def test_a_command_in_the_wrong_partition_is_never_processed(ledger):
    wallet = ledger.open(partition=4)
    command = stamp(wallet, TopUp("EUR", 5_00, "card", f"lost-{wallet}"))
    place, offset = ledger.put_command(command, partition=5)
    decision = ledger.decision_on(place, offset)
    assert (decision.outcome, decision.reason) == (Outcome.REJECTED, "MISROUTED")
    assert wallet in decision.detail
    letter = ledger.letter_on(place, offset)
    assert (letter.value, letter.key) == (encode(command), wallet.encode())
    assert ledger.balances(wallet) == {}
    # In its own partition the very same command is new.
    right = ledger.decision_on(*ledger.put_command(command))
    assert right.outcome is Outcome.ACCEPTED


def test_the_neighbours_of_poison_are_decided(ledger):
    wallet = ledger.open(partition=3)
    for number in range(20):
        ledger.put(b"poison %d" % number, key=wallet.encode(), partition=3)
    funded = ledger.ask(wallet, TopUp("EUR", 5_00, "card", f"after-{wallet}"))
    assert funded.outcome is Outcome.ACCEPTED
