"""A reader of the log takes whole sealed groups, drops void ones, and stops at damage."""

import pytest

from ledger.sealing import CHAIN_START, LogError, SealReader, chain_after
from schemas.codec import decode, encode
from schemas.messages.decisions import Decision, Seal
from tests.support.builders import Rig
from tests.unit.ledger.rigs import copied

TEMPLATE = Rig().open("alice")


def decision(sequence, first=None, count=None, **changed):
    """A Decision; with `first` and `count`, the sealing one of its group."""
    seal = None if first is None else Seal(first, count, 0, b"", ())
    return copied(TEMPLATE, sequence=sequence, seal=seal, **changed)


def reader(sequence=0, chain=CHAIN_START):
    return SealReader(0, lambda value: decode(Decision, value), sequence, chain)


def chained(decisions, chain=CHAIN_START):
    """Records (value, chain header) of consecutive Decisions."""
    records = []
    for each in decisions:
        value = encode(each)
        chain = chain_after(chain, value)
        records.append((value, chain))
    return records


def read(seals, records, first_offset=0):
    return [
        seals.take(offset, value, chain)
        for offset, (value, chain) in enumerate(records, first_offset)
    ]


def test_a_group_comes_out_when_its_seal_is_read():
    seals = reader()
    records = chained([decision(1), decision(2, 1, 2), decision(3, 3, 1)])
    assert seals.take(0, *records[0]) is None
    assert (seals.sequence, seals.unsealed) == (0, 1)
    group = seals.take(1, *records[1])
    assert (group.first_sequence, group.last_sequence, group.next_offset) == (1, 2, 2)
    assert group.chain == records[1][1]
    assert (seals.sequence, seals.unsealed) == (2, 0)
    assert seals.take(7, *records[2]).next_offset == 8


def test_a_group_that_starts_again_voids_what_was_unsealed():
    seals = reader()
    torn = chained([decision(1), decision(2)])
    again = chained([decision(1, decided_at=7), decision(2, 1, 2, decided_at=7)])
    groups = read(seals, (*torn, *again))
    assert [each.decided_at for each in groups[-1].decisions] == [7, 7]
    assert seals.voided == 2


def test_void_decisions_are_not_in_the_chain():
    torn = chained([decision(1)])
    honest = chained([decision(1, 1, 1)])
    assert read(reader(), (*torn, *honest))[-1].chain == honest[-1][1]
    on_top = chained([decision(1, 1, 1)], torn[-1][1])
    with pytest.raises(LogError, match="breaks the hash chain"):
        read(reader(), (*torn, *on_top))


def test_a_reader_goes_on_where_it_stood():
    records = chained([decision(1, 1, 1), decision(2, 2, 1)])
    assert read(reader(1, records[0][1]), records[1:], 5)[0].next_offset == 6


def test_without_a_chain_the_first_header_is_taken_on_trust():
    records = chained([decision(1, 1, 1), decision(2), decision(3, 2, 2)])
    assert read(reader(1, None), records[1:])[-1].last_sequence == 3
    flipped = [records[1], (records[2][0], bytes(32))]
    with pytest.raises(LogError, match="sequence 3 breaks the hash chain"):
        read(reader(1, None), flipped)


@pytest.mark.parametrize(
    ("decisions", "message"),
    [
        ([decision(2)], "offset 0: has sequence 2 where 1 must follow"),
        ([decision(1, 1, 1), decision(1)], "offset 1: has sequence 1 where 2 must follow"),
        ([decision(1), decision(3)], "offset 1: has sequence 3 where 2 must follow"),
        ([decision(1), decision(2), decision(2)], "offset 2: has sequence 2 where 3 must follow"),
        ([decision(1, 1, 2)], "seal of 2 from 1 does not match the 1 Decisions from 1"),
        ([decision(1), decision(2, 2, 2)], "seal of 2 from 2 does not match"),
        ([decision(1, partition=3)], "holds a Decision of partition 3"),
    ],
)
def test_damage_is_named_with_partition_and_offset(decisions, message):
    with pytest.raises(LogError, match=message) as damage:
        read(reader(), chained(decisions))
    assert str(damage.value).startswith("log partition 0, offset ")


@pytest.mark.parametrize("bit", range(0, 8 * len(encode(TEMPLATE)), 37))
def test_a_flipped_bit_is_seen(bit):
    [(value, chain)] = chained([decision(1, 1, 1)])
    damaged = bytearray(value)
    damaged[bit // 8] ^= 1 << bit % 8
    seals = SealReader(0, lambda _: decision(1, 1, 1))
    with pytest.raises(LogError, match="breaks the hash chain"):
        seals.take(0, bytes(damaged), chain)


def test_a_record_without_its_chain_header_is_damage():
    [(value, _)] = chained([decision(1, 1, 1)])
    with pytest.raises(LogError, match="has no `chain` header"):
        reader().take(0, value, None)
