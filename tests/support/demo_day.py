"""The demo's first day, decided by writers in memory, legs delivered between them.

Owns: how the day's records and legs reach the writers, and when groups are committed.
Never: starts a server.
"""

from ops.demo.generator import first_day
from streams.wallet.genesis import genesis_policy, genesis_ruleset
from tests.support.builders import NOON, SECOND
from tests.support.writers import Writer, legs_of
from topics.catalog import LEGS

PARTITIONS = 8
GROUP_EVERY = 50  # records
PAUSE = SECOND // 50


def demo_day(seed, commands, partitions=PARTITIONS):
    """Writers that have decided everything and owe nobody a leg."""
    genesis = genesis_policy(), genesis_ruleset()
    writers = [Writer(number, partitions, *genesis) for number in range(partitions)]
    wallets = max(2, commands // 25)
    day = first_day(seed, start_us=NOON, commands=commands, wallets=wallets, partitions=partitions)
    for number, record in enumerate(day):
        writer = writers[record.partition]
        writer.at = NOON + number * PAUSE
        writer.say(record.value, record.key)
        if number % GROUP_EVERY == 0:
            exchange(writers, writer.at)
    while exchange(writers, writers[-1].at):
        pass
    return writers


def exchange(writers, at):
    """Commit every open group and deliver its legs; how many were delivered."""
    legs = [leg for writer in writers if (group := writer.commit()) for leg in legs_of(group)]
    for leg in legs:
        receiver = writers[leg.partition]
        receiver.at = max(receiver.at, at)
        receiver.say(leg.value, leg.key, LEGS.name)
    return len(legs)
