"""A partition as it was: at any offset the rows are those of a plain fold, and signatures hold."""

import random
from hashlib import sha256

import pytest

from ledger.sealing import CHAIN_HEADER, SealReader
from ops.audit.state import encoded, folded
from ops.past.rebuild import End, Rebuild, contradicted
from ops.proof.checkpoint import Checkpoint
from ops.reading import raise_damage, sealed
from ops.wallet.place import until
from schemas.codec import decode
from schemas.messages.decisions import Decision
from streams.runtime.fakes_local import FakeDisk
from tests.unit.ops.proof.logs import changed, leaves_of, records_of

RECORDS = records_of(commands=60)
MONEY = (b"e", b"f", b"k")


def groups_to(offset):
    reader = SealReader(0, lambda value: decode(Decision, value))
    taken = [
        reader.take(each.offset, each.value, each.headers[CHAIN_HEADER])
        for each in RECORDS
        if each.offset <= offset
    ]
    return [group for group in taken if group is not None]


def hash_of(rows):
    numbers = (
        int.from_bytes(sha256(len(key).to_bytes(4, "big") + key + row).digest(), "big")
        for key, row in rows
    )
    return f"{sum(numbers) % 2**256:064x}"


def rebuilt(end, sizes=(), records=RECORDS):
    return Rebuild(0, FakeDisk().open(), sizes).run(iter(records), end)


def test_at_twenty_offsets_it_is_the_fold():
    last = RECORDS[-1].offset
    offsets = random.Random(8).sample(range(last + 1), 20)
    for offset in [*offsets, last]:
        groups, state = groups_to(offset), rebuilt(End(offset))
        rows = encoded(folded(groups)) if groups else {}
        assert state.hash == hash_of(rows.items())
        money = [(key, row) for key, row in rows.items() if key[:1] in MONEY]
        assert state.money_hash == hash_of(money)
        assert state.sequence == (groups[-1].last_sequence if groups else 0)
        assert state.chain == (groups[-1].chain if groups else bytes(32))
        assert sum(state.rows.values()) == len(rows)
    assert len({rebuilt(End(offset)).hash for offset in offsets}) > 10


def test_a_time_is_a_place_too():
    whole = rebuilt(End(RECORDS[-1].offset))
    assert rebuilt(End(at_us=whole.decided_at)).hash == whole.hash
    assert rebuilt(End(at_us=0)).sequence == 0


def test_signed_checkpoints_are_compared():
    leaves = leaves_of(RECORDS)
    reached = len(leaves.leaves)
    signed = leaves.checkpoints([1, 7, reached])
    state = rebuilt(End(RECORDS[-1].offset), {each.size for each in signed})
    assert contradicted(signed, state) == []
    assert (state.root, state.chain) == (signed[-1].root, signed[-1].chain)
    false = Checkpoint("test", 0, 7, bytes(32), signed[1].chain)
    where = rebuilt(End(RECORDS[-1].offset), {7})
    assert contradicted([false], where) == [
        "partition 0: the first 7 Decisions are not those that were signed"
    ]
    assert contradicted(signed, rebuilt(End(0))) == [], "what came later says nothing"


def test_a_torn_transaction_leaves_no_trace():
    """What its owner decided again counts once, in the rows and in the tree."""
    first = next(at for at, record in enumerate(RECORDS) if at > 20 and is_sealed(record)) + 1
    torn = [*RECORDS[:first], *RECORDS[first : first + 2], *RECORDS[first:]]
    assert not is_sealed(RECORDS[first + 1])
    end = End(RECORDS[-1].offset)
    assert rebuilt(end, records=torn) == rebuilt(end)


def is_sealed(record):
    return decode(Decision, record.value).seal is not None


def test_a_damaged_log_is_no_state():
    bent = [*RECORDS[:5], changed(RECORDS[5], value=RECORDS[6].value), *RECORDS[6:]]
    with pytest.raises(Exception, match="log partition 0, offset"):
        rebuilt(End(RECORDS[-1].offset), records=bent)


def test_decisions_up_to_an_offset_or_a_time():
    placed = list(sealed(iter(RECORDS), raise_damage))
    assert [each.offset for each in until(placed, "9")] == [
        each.offset for each in placed if each.offset <= 9
    ]
    assert list(until(placed, "1970-01-01T00:00Z")) == []
    assert list(until(placed, "2100-01-01T00:00+01:00")) == placed
