"""The second model and the ledger say the same of every Decision, whatever the day brings."""

from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from ops.auditor.auditor import Auditor, Given
from schemas.messages.decisions import InputSource
from streams.wallet.catalogued import TOPIC_NAMES
from streams.wallet.genesis import genesis_policy, genesis_ruleset
from tests.support.builders import partition_of
from tests.support.demo_day import demo_day
from tests.support.strategies import POLICY, RULES, World, days
from tests.support.traffic import PARTITIONS, Traffic
from topics.partitioning import partition_of as murmur

DEMO_COMMANDS = 10_000


def differences_of(world):
    """What the auditor finds in a world of rigs."""
    auditor = Auditor(partition_of(len(world.rigs)), POLICY, RULES)
    found = []
    for rig in world.rigs:
        for (decision, _), record in zip(rig.log, rig.records, strict=True):
            read = None if record is None else Given(decision.source.append_time, *record)
            # A rig's Decisions do not name their policy; everything else is the ledger's own.
            found += [each for each in auditor.take(decision, read) if each.what != "policy"]
    return found


def differences_in(writers, partitions, policy, ruleset):
    """What the auditor finds in the logs of writers, read beside their topics."""
    auditor = Auditor(lambda wallet_id: murmur(wallet_id, partitions), policy, ruleset)
    found = []
    for writer in writers:
        for decision in writer.decisions:
            found += auditor.take(decision, read_input(writer, decision.source))
    return found, auditor


def read_input(writer, source):
    if not isinstance(source, InputSource):
        return None
    record = writer.topics[TOPIC_NAMES[source.topic]][source.offset]
    return Given(record.append_time, record.key, record.value)


@given(days)
def test_the_auditor_agrees_with_the_core_on_any_day(day):
    assert differences_of(World().run(day).settle()) == []


@settings(max_examples=50)
@given(st.integers(0, 2**32), st.integers(1, 200))
def test_the_auditor_agrees_with_the_writers_on_any_traffic(seed, length):
    world = Traffic().run(seed, length)
    found, auditor = differences_in(world.writers, PARTITIONS, POLICY, RULES)
    assert found == []
    for writer in world.writers:
        balances = auditor.balances(writer.partition)
        assert sum(balances.values()) == 0 or len({key[2] for key in balances}) > 1


def test_the_auditor_agrees_with_a_whole_demo_day():
    writers = demo_day(seed=Random(0).randrange(2**32), commands=DEMO_COMMANDS)
    found, _ = differences_in(writers, len(writers), genesis_policy(), genesis_ruleset())
    assert found == []
    assert sum(len(writer.log) for writer in writers) > DEMO_COMMANDS
