"""Whatever a day brings, what is published of it is the log's, however the log is read."""

from collections import defaultdict

from hypothesis import given, settings
from hypothesis import strategies as st

from ops.published.check import check
from schemas.messages.decisions import InputSource
from schemas.messages.vocabulary import InputTopic
from tests.support.published import IDS, Published
from tests.support.recon import log_of_rig
from tests.support.strategies import World, day_of
from topics.catalog import ATTEMPTS, BALANCES, POSTINGS, TOTALS, TRANSACTIONS

seeds = st.integers(0, 2**32)
TOPICS = (POSTINGS, TRANSACTIONS, ATTEMPTS)


def lived(seed, length):
    """The partitions of a random day, all sealed."""
    world = World().run(day_of(seed, length))
    world.settle()
    for rig in world.rigs:
        rig.seal()
    return world.rigs


@settings(max_examples=25)  # a day is long, and read more than once
@given(seeds, st.integers(1, 90))
def test_in_whatever_batches_the_log_is_read_the_facts_are_the_same(seed, length):
    for number, rig in enumerate(lived(seed, length)):
        log = log_of_rig(rig)
        prompt, shaken = Published(log, number).prompt(), Published(log, number).shaken(seed)
        for topic in TOPICS:
            found = [getattr(each, IDS[topic.name]) for each in shaken.of(topic)]
            assert len(found) == len(set(found))
            assert shaken.of(topic) == prompt.of(topic)
        assert shaken.latest() == prompt.latest()
        totals = [{each.total_id: each for each in one.of(TOTALS)} for one in (prompt, shaken)]
        assert totals[0] == totals[1]


@settings(max_examples=25)  # a day is long, and read more than once
@given(seeds, st.integers(1, 90))
def test_every_control_holds_and_the_state_of_the_core_can_be_told_from_the_facts(seed, length):
    for number, rig in enumerate(lived(seed, length)):
        published = Published(log_of_rig(rig), number).prompt()
        found = check(published, number)
        assert found.findings == ()
        assert found.postings == len(published.of(POSTINGS))
        assert_balances(published, rig)
        assert_states(published, rig)
        assert_attempts(published, rig)


def assert_balances(published, rig):
    """Newest balances and the sum of all postings are what the wallets have."""
    held = {
        (wallet_id, each.account, each.currency): each.minor
        for wallet_id, row in rig.view.wallets.rows.items()
        for each in row.balances
        if each.minor
    }
    newest = {
        (each.wallet_id, each.account, each.currency): each.balance_minor
        for each in published.latest().values()
        if each.balance_minor
    }
    summed = defaultdict(int)
    for each in published.of(POSTINGS):
        if each.wallet_id is not None:
            summed[each.wallet_id, each.account, each.currency] += each.amount_minor
    assert newest == held == {key: minor for key, minor in summed.items() if minor}


def assert_states(published, rig):
    """The last word on each transaction and hold is where it stands."""
    last = {
        (each.thing, each.wallet_id, each.transaction_id): each.state
        for each in published.of(TRANSACTIONS)
        if each.state is not None
    }
    for (wallet_id, transaction_id), row in rig.view.transactions.rows.items():
        assert last["TRANSACTION", wallet_id, transaction_id] == str(row.state)
    for (wallet_id, hold_id), row in rig.view.holds.rows.items():
        assert last["HOLD", wallet_id, hold_id] == str(row.status)


def assert_attempts(published, rig):
    """Whoever was assessed is among the attempts, each once."""
    asked = [
        decision.sequence
        for decision, _ in rig.log
        if decision.risk is not None
        and decision.dry_run is None
        and isinstance(decision.source, InputSource)
        and decision.source.topic in (InputTopic.COMMANDS, InputTopic.JOB_COMMANDS)
    ]
    found = [each.sequence for each in published.of(ATTEMPTS)]
    assert len(found) == len(set(found))
    assert set(asked) <= set(found)


def test_days_publish_every_kind_of_record():
    """What the others look at."""
    rigs = [rig for seed in range(3) for rig in lived(seed, 120)]
    facts = [Published(log_of_rig(rig), rig.place.partition).prompt() for rig in rigs]
    for topic in (*TOPICS, BALANCES, TOTALS):
        assert sum(len(each.of(topic)) for each in facts) > 50
    lives = {each.thing for one in facts for each in one.of(TRANSACTIONS)}
    assert lives == {"TRANSACTION", "TRANSFER", "HOLD", "TOP_UP"}
