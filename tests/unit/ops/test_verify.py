"""`verify log` and the readers under it: every kind of damage is found and named."""

from dataclasses import replace

import pytest

from ledger.sealing import CHAIN_HEADER, LogError, chain_after
from ops.reading import Record, sealed, sealed_tail
from ops.verify.chain import verify_chain
from ops.verify.check import verify_records
from schemas.codec import decode, encode
from schemas.messages.decisions import Decision
from schemas.messages.journal import JournalEntry, Posting
from tests.unit.sinks.sample_log import SampleLog, with_seal


def records_of(log):
    return [
        Record("log", log.partition, offset, 1, b"k", value, {CHAIN_HEADER: chain})
        for offset, value, chain in log.records
    ]


@pytest.fixture
def log():
    return SampleLog(partition=3).day(120)


@pytest.fixture
def records(log):
    return records_of(log)


def found(records):
    return verify_records(iter(records)).differences


def test_a_good_log_is_clean(log, records):
    verdict = verify_records(iter(records))
    assert verdict.differences == []
    assert verdict.decisions[3] == log.sequence == verdict.last_sequence[3]


def test_torn_transactions_that_were_decided_again_are_no_damage():
    log = SampleLog(partition=1).day(200, void_every=3)
    verdict = verify_records(iter(records_of(log)))
    assert verdict.differences == []
    assert verdict.decisions[1] == log.sequence


def test_partitions_are_checked_apart(records):
    other = SampleLog(partition=5).day(60)
    broken = [*records[:10], *records[11:]]
    mixed = [record for pair in zip(broken, records_of(other), strict=False) for record in pair]
    verdict = verify_records(iter(mixed))
    assert len(verdict.damage) == 1
    assert verdict.damage[0].startswith("log partition 3")
    assert verdict.decisions[5] > 30


def test_a_flipped_bit_is_named(records):
    value = bytearray(records[20].value)
    value[-1] ^= 1
    (difference, *_) = found(
        [*records[:20], replace(records[20], value=bytes(value)), *records[21:]]
    )
    assert difference.startswith(f"log partition 3, offset {records[20].offset}: sequence 21")


def test_every_flipped_byte_of_a_decision_is_found(records):
    value = records[5].value
    for at in range(len(value)):
        flipped = value[:at] + bytes([value[at] ^ 4]) + value[at + 1 :]
        changed = [*records[:5], replace(records[5], value=flipped), *records[6:]]
        assert found(changed), f"byte {at}"


def test_a_dropped_record_is_named(records):
    (difference,) = found([*records[:7], *records[8:]])
    assert "log partition 3" in difference
    assert "sequence 9 where 8 must follow" in difference


def test_a_repeated_record_is_named(records):
    (difference,) = found([*records[:9], records[8], *records[9:]])
    assert "has sequence 9 where 10 must follow" in difference


def test_swapped_records_are_named(records):
    (difference,) = found([*records[:7], records[8], records[7], *records[9:]])
    assert "sequence 9 where 8 must follow" in difference


def test_a_missing_chain_header_is_named(records):
    (difference,) = found([replace(records[0], headers={})])
    assert "sequence 1 has no `chain` header" in difference


def test_bytes_nobody_can_read_are_named(records):
    (difference,) = found([*records[:4], replace(records[4], value=b"rubbish")])
    assert "sequence 5 is unreadable: no frame" in difference


def test_an_unbalanced_entry_is_named(log):
    """Rewritten with a right chain and seal: only adding up finds it."""
    first = decode(Decision, log.records[0][1])
    postings = (Posting("W.AVL", "w", "EUR", 5), Posting("REV.P2P", "", "EUR", -4))
    fields = {name: getattr(first, name) for name in Decision.__match_args__}
    fields["entries"] = (JournalEntry(0, "F4.1", postings),)
    value = encode(with_seal(Decision(**fields), log.groups[0][-1].seal))
    forged = Record("log", 3, 0, 1, b"k", value, {CHAIN_HEADER: chain_after(bytes(32), value)})
    seal_of_one = with_seal(Decision(**fields), type(log.groups[0][-1].seal)(1, 1, 0, b"", ()))
    value = encode(seal_of_one)
    forged = replace(forged, value=value, headers={CHAIN_HEADER: chain_after(bytes(32), value)})
    differences = found([forged])
    assert "partition 3 #1 entry 0 (F4.1) does not balance" in differences
    assert "partition 3 trial balance of EUR is 1 minor units, not 0" in differences


def test_a_tail_shows_sealed_decisions_only(log, records):
    damage = []
    tail = list(sealed_tail(iter(records[-30:]), damage.append))
    last = log.sequence
    assert [placed.decision.sequence for placed in tail] == list(range(last - 29, last + 1))
    assert damage == []
    open_end = records[: len(log.groups[0]) - 1]
    assert list(sealed_tail(iter(open_end), damage.append)) == []


def test_a_tail_tells_unreadable_records(records):
    damage = []
    list(sealed_tail(iter([replace(records[0], value=None)]), damage.append))
    assert "the record is unreadable" in str(damage[0])


def test_damage_can_stop_the_reading(records):
    def stop(error):
        raise error

    with pytest.raises(LogError, match="log partition 3"):
        list(sealed(iter(records[1:]), stop))


# --- chain alone


def chain_of(records):
    return verify_chain(iter(records)).differences


def test_the_chain_alone_is_clean_with_void_records_and_counts_by_partition(records):
    other = SampleLog(partition=1).day(200, void_every=3)
    verdict = verify_chain(iter([*records, *records_of(other)]))
    assert verdict.differences == []
    assert verdict.decisions == {3: len(records), 1: other.sequence}
    assert verdict.last_sequence[1] == other.sequence


def test_the_chain_alone_finds_every_flipped_byte(records):
    value = records[5].value
    for at in range(len(value)):
        flipped = value[:at] + bytes([value[at] ^ 4]) + value[at + 1 :]
        changed = [*records[:5], replace(records[5], value=flipped), *records[6:]]
        (difference,) = chain_of(changed)
        assert difference.startswith(f"log partition 3, offset {records[5].offset}"), f"byte {at}"


def test_the_chain_alone_names_what_is_dropped_repeated_or_swapped(records):
    for bent, what in (
        ([*records[:7], *records[8:]], "sequence 9 where 8 must follow"),
        ([*records[:9], records[8], *records[9:]], "has sequence 9 where 10 must follow"),
        ([*records[:7], records[8], records[7], *records[9:]], "sequence 9 where 8 must follow"),
        ([*records[:4], replace(records[4], value=b"rubbish")], "sequence 5 is unreadable"),
        ([*records[:4], replace(records[4], headers={})], "sequence 5 has no `chain` header"),
    ):
        (difference,) = chain_of(bent)
        assert what in difference
