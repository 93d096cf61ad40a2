"""The seal of real groups, and what a reader of their log makes of every kind of damage."""

from hashlib import sha256

import pytest

from ledger.sealing import CHAIN_START, LogError, SealReader, chain_after
from schemas.codec import CodecError, decode, encode
from schemas.messages.commands import Transfer
from schemas.messages.decisions import Decision
from streams.wallet.seal import seal_group, sealed
from tests.support.writers import Writer, legs_of, wallet_at
from topics.catalog import COMMANDS, CONTROL, JOB_COMMANDS, LEGS

ALICE, CARL = wallet_at(0), wallet_at(1)


def written(groups=4):
    writer = Writer()
    writer.open(ALICE, 1_000)
    writer.commit()
    for number in range(groups - 1):
        for each in range(3):
            writer.command(ALICE, Transfer(CARL, "EUR", 1), f"pay-{number}-{each}")
        writer.commit()
    return writer


LOG = [(each.offset, each.value, dict(each.headers)["chain"]) for each in written().log]


def read(records, reader=None):
    """Every whole group. Raises what the reader raises."""
    reader = reader or SealReader(0, lambda value: decode(Decision, value))
    return [group for each in records if (group := reader.take(*each)) is not None]


def damage(records):
    with pytest.raises((LogError, CodecError)) as found:
        read(records)
    return str(found.value)


def test_a_group_counts_its_outcomes():
    writer = written(1)
    writer.command(ALICE, Transfer(CARL, "EUR", 1), "pay")
    writer.command(ALICE, Transfer(CARL, "EUR", 1), "pay")
    writer.command(ALICE, Transfer(CARL, "EUR", 1_000_000), "too-much")
    writer.commit()
    assert writer.groups[-1].tally == {"ACCEPTED": 1, "REJECTED": 1, "DUPLICATE": 1}


def test_the_last_decision_seals_all_of_its_group():
    writer = written()
    for group in writer.groups:
        decisions = [decode(Decision, each.value) for each in group.log]
        assert [each.seal is None for each in decisions] == [True] * (len(group.log) - 1) + [False]
        seal = decisions[-1].seal
        assert (seal.first_sequence, seal.count) == (decisions[0].sequence, len(decisions))
        legs = [each.value for each in legs_of(group)]
        assert (seal.legs_count, seal.legs_digest) == (
            len(legs),
            sha256(b"".join(legs)).digest(),
        )
    positions = {each.topic: each.offset for each in seal.next_positions}
    assert positions == {COMMANDS.name: len(writer.topics[COMMANDS.name]), CONTROL.name: 0,
                         JOB_COMMANDS.name: 0, LEGS.name: 0}  # fmt: skip


def test_the_chain_runs_through_every_record():
    chain = CHAIN_START
    for _, value, header in LOG:
        chain = chain_after(chain, value)
        assert header == chain


def test_a_seal_changes_nothing_else():
    writer = Writer()
    decision = writer.say(b"rubbish")
    records, chain = seal_group([decision], [], {"t": 3}, CHAIN_START)
    read_back = decode(Decision, records[0].value)
    assert encode(sealed(read_back, None)) == encode(decision)
    assert read_back.seal.next_positions[0].offset == 3
    assert chain == chain_after(CHAIN_START, records[0].value)
    assert records[0].key == decision.wallet_id.encode()


def test_a_good_log_is_read_in_whole_groups():
    groups = read(LOG)
    assert [len(each.decisions) for each in groups] == [2, 3, 3, 3]
    assert groups[-1].chain == LOG[-1][2]
    assert groups[-1].next_offset == LOG[-1][0] + 1


@pytest.mark.parametrize("at", range(len(LOG)))
def test_every_flipped_byte_is_found(at):
    offset, value, chain = LOG[at]
    for place in range(len(value)):
        flipped = value[:place] + bytes([value[place] ^ 1 << place % 8]) + value[place + 1 :]
        assert damage([*LOG[:at], (offset, flipped, chain), *LOG[at + 1 :]])


@pytest.mark.parametrize("bit", range(0, 256, 5))
def test_every_flipped_bit_of_a_chain_header_is_found(bit):
    offset, value, chain = LOG[3]
    flipped = bytearray(chain)
    flipped[bit // 8] ^= 1 << bit % 8
    said = damage([*LOG[:3], (offset, value, bytes(flipped)), *LOG[4:]])
    assert said == f"log partition 0, offset {offset}: sequence 4 breaks the hash chain"


@pytest.mark.parametrize("at", range(len(LOG) - 1))
def test_a_dropped_record_is_found_and_named(at):
    said = damage([*LOG[:at], *LOG[at + 1 :]])
    assert said.startswith(f"log partition 0, offset {LOG[at + 1][0]}: ")
    assert f"sequence {at + 2}" in said
    assert "must follow" in said


@pytest.mark.parametrize("at", range(len(LOG)))
def test_a_repeated_record_is_found(at):
    """At a group's beginning a repeat is how a torn transaction looks: dropped, never applied."""
    repeated = [*LOG[: at + 1], LOG[at], *LOG[at + 1 :]]
    first_of_group = at == 0 or decode(Decision, LOG[at - 1][1]).seal is not None
    if first_of_group:
        reader = SealReader(0, lambda value: decode(Decision, value))
        assert [each.chain for each in read(repeated, reader)] == [e.chain for e in read(LOG)]
        assert reader.voided == 1
    else:
        assert "must follow" in damage(repeated)


@pytest.mark.parametrize("at", range(len(LOG) - 1))
def test_swapped_records_are_found(at):
    assert "must follow" in damage([*LOG[:at], LOG[at + 1], LOG[at], *LOG[at + 2 :]])


def test_two_groups_with_one_missing_between_them_are_no_log():
    assert "sequence 6 where 3 must follow" in damage([*LOG[:2], *LOG[5:]])


def test_a_torn_group_is_never_handed_out():
    reader = SealReader(0, lambda value: decode(Decision, value))
    assert len(read(LOG[:-1], reader)) == 3
    assert (reader.sequence, reader.unsealed) == (8, 2)


def test_a_torn_group_that_was_decided_again_is_void():
    torn = LOG[2:4]
    reader = SealReader(0, lambda value: decode(Decision, value))
    groups = read([*LOG[:2], *torn, *LOG[2:]], reader)
    assert [len(each.decisions) for each in groups] == [2, 3, 3, 3]
    assert reader.voided == 2
    assert groups[-1].chain == LOG[-1][2]


def test_a_reader_without_a_chain_trusts_one_header_and_checks_the_rest():
    def fresh():
        return SealReader(0, lambda value: decode(Decision, value), 2, None)

    assert len(read(LOG[2:], fresh())) == 3
    offset, value, _ = LOG[4]
    with pytest.raises(LogError, match="sequence 5 breaks the hash chain"):
        read([*LOG[2:4], (offset, value, bytes(32))], fresh())
    # A void group takes it back to where it knew nothing.
    again = read([*LOG[2:4], *LOG[2:]], fresh())
    assert again[-1].chain == LOG[-1][2]


def test_a_seal_that_miscounts_is_found():
    first, second = (decode(Decision, value) for _, value, _ in LOG[:2])
    seal = second.seal
    wrong = sealed(second, type(seal)(seal.first_sequence, 3, 0, b"", ()))
    chain, records = CHAIN_START, []
    for offset, decision in enumerate((first, wrong)):
        value = encode(decision)
        chain = chain_after(chain, value)
        records.append((offset, value, chain))
    assert "seal of 3 from 1 does not match the 2 Decisions from 1" in damage(records)
