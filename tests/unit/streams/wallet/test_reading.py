"""Whatever lies on an input topic gets exactly one Decision, and what nobody can read a letter."""

from hashlib import sha256

import pytest

from ledger.errors import InvariantError
from schemas.codec import decode, encode
from schemas.messages.commands import ChangeTier, OpenWallet, VoidHold, WalletCommand
from schemas.messages.control import ActivatePolicy, ActivateRuleset, Control
from schemas.messages.results import DeadLetter, Result
from schemas.messages.vocabulary import InputTopic, Outcome, RejectionReason, Tier, WalletKind
from streams.wallet.outputs import MAX_DEAD_LETTER_BYTES, MAX_DEAD_LETTER_KEY_BYTES
from streams.wallet.reading import MAX_VALUE_BYTES
from streams.wallet.step import MAX_KEY_BYTES
from tests.support.builders import NOON, policy, ruleset
from tests.support.writers import Writer, wallet_at
from topics.catalog import COMMANDS, CONTROL, DEAD_LETTERS, JOB_COMMANDS, LEGS, RESULTS

HERE, THERE = wallet_at(0), wallet_at(1)
UNREADABLE, MISROUTED = RejectionReason.UNREADABLE, RejectionReason.MISROUTED
MALFORMED = RejectionReason.MALFORMED_FIELD
KEY_MISMATCH = RejectionReason.KEY_MISMATCH


def command(wallet_id=HERE, command_id="c", body=None):
    return encode(WalletCommand(command_id, wallet_id, NOON, body or VoidHold("h")))


def elsewhere(text):
    """An id with `text` in front of it that is routed to partition 1."""
    writer = Writer()
    route = writer.job.place.partition_of
    return next(f"{text}{n}" for n in range(99) if route(f"{text}{n}") == 1)


def here(text):
    route = Writer().job.place.partition_of
    return next(f"{text}{n}" for n in range(99) if route(f"{text}{n}") == 0)


LONG = here("w" * 64)
CONTROL_RECORD = encode(Control("ctl", NOON, "ops", ActivateRuleset(ruleset())))
GOOD = command()
BAD = {
    "no value": (None, b"k", UNREADABLE, "the record has no value"),
    "empty": (b"", b"k", UNREADABLE, "no frame"),
    "no frame": (b"\x07rubbish", b"k", UNREADABLE, "no frame"),
    "no frame, no key": (b"\x07rubbish", None, UNREADABLE, "no frame"),
    "no frame, empty key": (b"\x07rubbish", b"", UNREADABLE, "no frame"),
    "unknown schema": (b"\x00\x7f\xff\xff\xff" + GOOD[5:], b"k", UNREADABLE, "not in the lock"),
    "another subject": (CONTROL_RECORD, b"k", UNREADABLE, "WalletCommand expected"),
    "cut off": (GOOD[:-3], b"k", UNREADABLE, ""),
    "bytes left over": (GOOD + b"\x00", b"k", UNREADABLE, "left over"),
    "too large": (GOOD + bytes(MAX_VALUE_BYTES), b"k", RejectionReason.TOO_LARGE, "at most 65536"),
    "empty wallet id": (command(""), b"", None, None),
    "wallet id with a NUL": (command(here("w\0")), here("w\0").encode(), MALFORMED, "wallet_id"),
    "wallet id with a line end": (
        command(here("w\n")),
        here("w\n").encode(),
        MALFORMED,
        "wallet_id",
    ),
    "wallet id too long": (command(LONG), LONG.encode(), MALFORMED, "wallet_id"),
    "odd wallet id under another key": (command(LONG), b"k", KEY_MISMATCH, "key"),
    "odd wallet id of elsewhere": (command(elsewhere("w\0")), b"k", MISROUTED, "partition 1"),
    "command id with a NUL": (command(command_id="c\0"), HERE.encode(), MALFORMED, "command_id"),
    "empty command id": (command(command_id=""), HERE.encode(), MALFORMED, "command_id"),
    "odd command id of elsewhere": (command(THERE, "c\0"), b"k", MISROUTED, "partition 1"),
    "misrouted": (command(THERE), THERE.encode(), MISROUTED, THERE),
    "no key": (GOOD, None, KEY_MISMATCH, "key"),
    "empty key": (GOOD, b"", KEY_MISMATCH, "key"),
    "another's key": (GOOD, b"other", KEY_MISMATCH, "key"),
    "an unknown wallet": (GOOD, HERE.encode(), RejectionReason.UNKNOWN_WALLET, HERE),
}
LETTERS = frozenset({UNREADABLE, RejectionReason.TOO_LARGE, MISROUTED})


@pytest.mark.parametrize("name", BAD)
def test_every_bad_record_gets_one_rejection_and_changes_nothing(name):
    value, key, reason, detail = BAD[name]
    writer = Writer()
    decision = writer.say(value, key)
    group = writer.commit()
    assert (decision.outcome, decision.sequence) == (Outcome.REJECTED, 1)
    assert len(group.log) == 1
    assert decision.events == decision.entries == decision.balances == ()
    assert decision.source.topic is InputTopic.COMMANDS
    assert decision.source.offset == 0
    assert decision.source.key == (key or b"")
    assert decision.input_length == len(value or b"")
    if reason is not None:
        assert decision.reason is reason, (decision.reason, decision.detail)
        assert detail in decision.detail
    tables = {row[:1] for row in writer.rows}
    # An identity row belongs to a command that the core judged by its content; else only the head.
    assert tables <= {b"a", b"m"}
    assert (b"m" in tables) is (name == "an unknown wallet")


def test_whoever_chose_an_odd_id_is_answered():
    writer = Writer()
    writer.say(command(command_id="with space"), HERE.encode())
    (output,) = [each for each in writer.commit().outputs if each.topic == RESULTS.name]
    result = decode(Result, output.value)
    assert (result.wallet_id, result.command_id) == (HERE, "with space")
    assert (result.reason, result.detail) == (MALFORMED, "command_id")


@pytest.mark.parametrize("name", BAD)
def test_a_letter_holds_the_bytes_of_what_nobody_could_read_or_route(name):
    value, key, _, _ = BAD[name]
    writer = Writer()
    decision = writer.say(value, key)
    letters = [each for each in writer.commit().outputs if each.topic == DEAD_LETTERS.name]
    assert len(letters) == (decision.reason in LETTERS)
    for output in letters:
        letter = decode(DeadLetter, output.value)
        assert (letter.topic, letter.partition, letter.offset) == (COMMANDS.name, 0, 0)
        assert (letter.key, letter.value) == (key, value)
        assert (letter.reason, letter.detail) == (decision.reason, decision.detail)
        assert (letter.sequence, letter.length) == (1, len(value or b""))
        assert letter.hash == sha256(value or b"").digest()
        assert output.key == key


@pytest.mark.parametrize("name", BAD)
def test_only_who_can_be_named_is_answered(name):
    value, key, _, _ = BAD[name]
    writer = Writer()
    decision = writer.say(value, key)
    results = [each for each in writer.commit().outputs if each.topic == RESULTS.name]
    assert len(results) == bool(decision.command_id)
    for output in results:
        result = decode(Result, output.value)
        assert output.key == result.wallet_id.encode() == decision.wallet_id.encode()
        assert (result.outcome, result.reason) == (decision.outcome, decision.reason)


def test_the_decision_keeps_what_can_be_decided_again_and_only_a_hash_of_the_rest():
    writer = Writer()
    for value, key, _, _ in BAD.values():
        decision = writer.say(value, key)
        dropped = decision.reason in {UNREADABLE, RejectionReason.TOO_LARGE}
        assert decision.input == (b"" if dropped else value)
        assert decision.input_hash == (sha256(value or b"").digest() if dropped else b"")


def test_a_value_of_just_64_kib_is_read():
    at_most = GOOD + bytes(MAX_VALUE_BYTES - len(GOOD))
    assert Writer().say(at_most).reason is UNREADABLE  # bytes left over: it was looked at
    assert Writer().say(at_most + b"\0").reason is RejectionReason.TOO_LARGE


def test_a_long_key_is_kept_in_part():
    writer = Writer()
    key = bytes(range(256)) * 300
    assert writer.say(b"rubbish", key).source.key == key[:MAX_KEY_BYTES]
    (output,) = writer.commit().outputs
    assert output.key == key[:MAX_KEY_BYTES]
    assert decode(DeadLetter, output.value).key == key[:MAX_DEAD_LETTER_KEY_BYTES]


def test_a_letter_never_outgrows_a_batch():
    writer = Writer()
    for spare, kept in ((0, True), (1, False)):
        value = bytes(MAX_DEAD_LETTER_BYTES + spare)
        writer.say(value, b"k")
        letter = decode(DeadLetter, writer.commit().outputs[-1].value)
        assert (letter.value == value) is kept
        assert (letter.length, letter.hash) == (len(value), sha256(value).digest())


@pytest.mark.parametrize("value", [b"rubbish", b"", GOOD])
def test_an_unreadable_leg_is_a_bug_and_named(value):
    writer = Writer()
    with pytest.raises(InvariantError, match=r"unreadable leg at ledger\.legs\.v1\[0\] offset 0"):
        writer.say(value, topic=LEGS.name)
    assert writer.overlay.changes() == []


@pytest.mark.parametrize(("value", "reason"), [(None, UNREADABLE), (bytes(70_000), "TOO_LARGE")])
def test_a_leg_without_a_value_or_too_large_is_a_dead_letter(value, reason):
    """Nobody but us writes legs; one that cannot be ours is shown to a person, not obeyed."""
    writer = Writer()
    assert writer.say(value, topic=LEGS.name).reason == reason
    assert [each.topic for each in writer.commit().outputs] == [DEAD_LETTERS.name]


@pytest.mark.parametrize("value", [None, b"rubbish", GOOD, CONTROL_RECORD[:-1]])
def test_an_unreadable_control_record_is_decided_and_dead(value):
    writer = Writer()
    decision = writer.say(value, b"0", CONTROL.name)
    assert (decision.reason, decision.wallet_id, decision.command_id) == (UNREADABLE, "", "")
    (output,) = writer.commit().outputs
    letter = decode(DeadLetter, output.value)
    assert (output.topic, letter.topic, letter.value) == (DEAD_LETTERS.name, CONTROL.name, value)


def test_a_control_record_takes_effect_from_the_next_decision_on():
    writer = Writer()
    activate = encode(Control("ctl", NOON, "ops", ActivatePolicy(policy(version="next"))))
    decision = writer.say(activate, b"0", CONTROL.name)
    assert (decision.policy_version, decision.command_id) == ("test", "ctl")
    assert writer.commit().outputs == ()
    writer.open(HERE)
    assert writer.commit() is not None
    assert [each.policy_version for each in writer.decisions] == ["test", "next"]


def test_a_control_record_without_a_key_is_for_another_partition():
    decision = Writer().say(CONTROL_RECORD, None, CONTROL.name)
    assert decision.reason is RejectionReason.KEY_MISMATCH


def test_a_readable_command_is_decided_by_the_core():
    writer = Writer()
    writer.open(HERE)
    decision = writer.command(HERE, ChangeTier(Tier.PREMIUM), "up")
    assert (decision.outcome, decision.wallet_id) == (Outcome.ACCEPTED, HERE)
    assert (decision.command_id, decision.sequence) == ("up", 2)
    assert len(decision.fingerprint) == 16


def test_a_command_of_a_job_is_decided_and_answered_like_any():
    writer = Writer(partitions=1)
    body = OpenWallet(WalletKind.CUSTOMER, Tier.BASIC, ("EUR",))
    value = encode(WalletCommand("job-1", "ann", writer.at, body))
    decision = writer.say(value, b"ann", JOB_COMMANDS.name)
    assert (decision.outcome, decision.source.topic) == (
        Outcome.ACCEPTED,
        InputTopic.JOB_COMMANDS,
    )
    (answer,) = [each for each in writer.commit().outputs if each.topic == RESULTS.name]
    assert decode(Result, answer.value).command_id == "job-1"
    again = writer.say(value, b"ann", COMMANDS.name)
    assert again.outcome is Outcome.DUPLICATE
