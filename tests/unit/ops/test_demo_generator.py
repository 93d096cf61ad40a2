"""The generated day: deterministic, complete, routed right, and of the promised proportions."""

from collections import Counter
from itertools import islice
from pathlib import Path

import pytest

from ingress.sdk.fields import check_command
from ingress.sdk.jsonl import read_lines
from ops.demo.generator import first_day
from ops.demo.poison import OVERSIZE_BYTES
from ops.demo.shape import Deed
from schemas.codec import CodecError, decode
from schemas.messages.commands import Transfer, WalletCommand
from topics.partitioning import partition_of

PARTITIONS = 8
START_US = 1_700_000_000_000_000
FILE = Path(__file__).parents[3] / "ops/demo/first_day.jsonl"


@pytest.fixture(scope="module")
def day():
    return list(first_day(7, start_us=START_US))


def command_of(record):
    return decode(WalletCommand, record.value)


def of(day, *deeds):
    return [record for record in day if record.deed in deeds]


def test_it_has_the_promised_size(day):
    assert len(day) == 50_000
    opened = {record.wallet_id for record in of(day, Deed.OPEN)}
    assert len(opened) == 2_000
    assert {record.wallet_id for record in day} <= opened


def test_the_same_seed_gives_the_same_day():
    first, second = (list(first_day(3, start_us=1, commands=3_000, wallets=200)) for _ in range(2))
    other = list(first_day(4, start_us=1, commands=3_000, wallets=200))
    assert first == second
    assert first != other


def test_every_deed_happens(day):
    counts = Counter(record.deed for record in day)
    assert set(counts) == set(Deed) - {Deed.HOT}  # that is for benches
    assert min(counts.values()) >= 50


def test_every_good_record_is_a_command_that_the_sdk_would_send(day):
    for record in islice((each for each in day if each.deed is not Deed.POISON), 0, None, 7):
        command = command_of(record)
        check_command(command)
        assert record.key == command.wallet_id.encode()
        assert record.command_id == command.command_id
        assert START_US < command.issued_at <= START_US + len(day)


def test_records_lie_in_their_wallets_partition_except_on_purpose(day):
    for record in day:
        right = partition_of(record.wallet_id, PARTITIONS)
        assert (record.partition == right) is (record.deed is not Deed.WRONG_PARTITION)


def test_a_quarter_of_the_transfers_crosses_partitions(day):
    transfers = of(day, Deed.TRANSFER)
    across = [
        record
        for record in transfers
        if partition_of(command_of(record).body.to_wallet_id, PARTITIONS) != record.partition
    ]
    assert 0.2 < len(across) / len(transfers) < 0.3


def test_honest_customers_stay_below_the_velocity_rules(day):
    pays = Counter(record.wallet_id for record in of(day, Deed.TRANSFER, Deed.HOLD))
    assert max(pays.values()) <= 11
    payees = {}
    for record in of(day, Deed.TRANSFER, Deed.HOLD):
        payees.setdefault(record.wallet_id, set()).add(command_of(record).body.to_wallet_id)
    assert max(map(len, payees.values())) <= 3


def test_a_wallet_is_opened_before_anything_else_happens_to_it(day):
    opened = set()
    for record in day:
        if record.deed is Deed.OPEN:
            opened.add(record.wallet_id)
        assert record.wallet_id in opened


def test_retries_repeat_an_earlier_record_byte_for_byte(day):
    seen = set()
    for record in day:
        if record.deed is Deed.RETRY:
            assert (record.key, record.value) in seen
        seen.add((record.key, record.value))


def test_mismatches_carry_an_earlier_id_and_another_amount(day):
    earlier = {}
    for record in day:
        if record.deed is Deed.TRANSFER:
            earlier[record.command_id] = command_of(record).body
        elif record.deed is Deed.MISMATCH:
            body = command_of(record).body
            assert body != earlier[record.command_id]
            assert isinstance(body, Transfer)


def test_captures_and_voids_name_a_hold_of_their_wallet(day):
    holds = {}
    for record in day:
        if record.deed is Deed.HOLD:
            holds[record.command_id] = record.wallet_id
        elif record.deed in {Deed.CAPTURE, Deed.VOID}:
            assert holds[command_of(record).body.hold_id] == record.wallet_id


def test_poison_comes_in_every_kind(day):
    poison = of(day, Deed.POISON)
    assert any(record.value is None for record in poison)
    assert any(record.value == b"" for record in poison)
    assert any(record.key is None for record in poison)
    assert any(record.key == b"" for record in poison)
    assert any(len(record.value or b"") > OVERSIZE_BYTES for record in poison)
    unreadable = [record for record in poison if not readable(record.value)]
    assert len(unreadable) > len(poison) // 2
    assert {record.command_id for record in poison} == {""}


@pytest.mark.parametrize(("commands", "wallets"), [(10, 10), (10, 2), (300, 150)])
def test_small_days_work_too(commands, wallets):
    assert len(list(first_day(1, start_us=1, commands=commands, wallets=wallets))) == commands


def test_one_partition_works_too():
    records = list(first_day(1, start_us=1, commands=500, wallets=20, partitions=1))
    assert {record.partition for record in records} == {0}


@pytest.mark.parametrize("wallets", [0, 1, 11])
def test_an_impossible_town_is_refused(wallets):
    with pytest.raises(ValueError, match=r"wallets: 2 to the number of commands \(10\)"):
        first_day(1, start_us=1, commands=10, wallets=wallets)


def test_the_committed_file_is_readable():
    with FILE.open(encoding="utf-8") as lines:
        commands = list(read_lines(lines, FILE.name))
    assert 15 < len(commands) < 50
    assert {"ann", "bob", "cleo", "shop"} == {command.wallet_id for command in commands}


def readable(value):
    try:
        decode(WalletCommand, value or b"")
    except CodecError:
        return False
    return True
