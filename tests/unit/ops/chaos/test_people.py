"""The people: some send far more than others, and the shares of what they ask for are kept."""

from collections import Counter
from random import Random

from ingress.sdk import Transfer
from ops.chaos import people
from ops.chaos.people import People
from topics.partitioning import partition_of

PARTITIONS = 8


def drawn(count):
    town = People(Random(3), PARTITIONS)
    for _ in range(people.FIRST_WALLETS):
        town.newcomer()
    return [town.next() for _ in range(count)]


def test_a_quarter_of_all_pays_into_another_partition():
    commands = drawn(4_000)
    far = sum(
        isinstance(each.body, Transfer)
        and partition_of(each.wallet_id, PARTITIONS)
        != partition_of(each.body.to_wallet_id, PARTITIONS)
        for each in commands
    )
    assert 0.23 < far / len(commands) < 0.31


def test_the_load_is_skewed():
    counts = Counter(each.wallet_id for each in drawn(4_000))
    busiest = sum(count for _, count in counts.most_common(len(counts) // 10))
    assert busiest > sum(counts.values()) / 3


def test_no_command_id_is_used_twice():
    commands = drawn(1_000)
    assert len({each.command_id for each in commands}) == len(commands)
