"""Readers of the log and of facts: whole transactions only, every fact once, from any position."""

import pytest

from ingress.sdk import LogDamagedError, PlaceHold, PostingFact, TransactionFact, Transfer
from ingress.sdk.decisions import Batches
from ingress.sdk.facts import TOPICS, Facts
from ingress.sdk.following import Followed
from ledger.sealing import CHAIN_HEADER
from schemas.codec import decode
from schemas.messages.decisions import Decision
from schemas.messages.facts import BalanceFact, ControlTotal
from tests.support.published import Published
from tests.support.recon import log_of_writer
from tests.support.writers import Writer, wallet_at
from tests.unit.sinks.sample_log import SampleLog
from topics.catalog import PUBLISH_LOG, PUBLISH_TOPICS


def torn_log():
    """A log in which every third transaction was torn first, as records."""
    log = SampleLog().day(120, group=6, void_every=3)
    return log, [
        Followed(0, offset, value, {CHAIN_HEADER: chain}) for offset, value, chain in log.records
    ]


def batches_of(reader, records):
    taken = [reader.take(each) for each in records]
    return [each for each in taken if each is not None]


def test_batches_are_the_whole_transactions_and_nothing_else():
    log, records = torn_log()
    assert len(records) > len(log.decisions)
    found = batches_of(Batches({}), records)
    assert [list(each.decisions) for each in found] == log.groups
    assert all(each.decisions[-1].seal for each in found)


def test_from_the_position_of_any_batch_the_rest_comes_and_no_more():
    _, records = torn_log()
    whole = batches_of(Batches({}), records)
    for number, batch in enumerate(whole):
        rest = [each for each in records if each.offset >= batch.position.next_offset]
        reader = Batches({0: batch.position})
        assert batches_of(reader, rest) == whole[number + 1 :]
        assert reader.positions() == {0: whole[-1].position}


def test_a_record_that_was_changed_moved_or_dropped_is_told():
    log, records = torn_log()
    sealed = {group[0].sequence for group in log.groups}
    for number, each in enumerate(records):
        if decode(Decision, each.value).sequence in sealed and number:
            broken = [*records[:number], *records[number + 1 :]]
            break
    with pytest.raises(LogDamagedError, match="log partition 0, offset"):
        batches_of(Batches({}), broken)
    wrong = {**records[3].headers, CHAIN_HEADER: bytes(32)}
    changed = [*records[:3], records[3]._replace(headers=wrong), *records[4:]]
    with pytest.raises(LogDamagedError, match="chain"):
        batches_of(Batches({}), changed)


@pytest.fixture(scope="module")
def published():
    writer = Writer()
    here, there = wallet_at(0), wallet_at(0, 1)
    writer.open(here, 900)
    writer.open(there)
    writer.command(here, PlaceHold(there, "EUR", 9, 60), "hold")
    for number in range(4):
        writer.command(here, Transfer(there, "EUR", 1 + number), f"n{number}")
        writer.commit()
    return Published(log_of_writer(writer)).prompt()


def records_of(published, kind):
    mine = [each for each in published.outputs if each.topic == TOPICS[kind]]
    return [Followed(0, 2 * n, each.value, {}) for n, each in enumerate(mine)]


def facts_of(reader, records):
    taken = [reader.take(each) for each in records]
    return [each for each in taken if each is not None]


def again(records, first, count):
    """The same records once more behind the last, as after a transaction that ended half-way."""
    end = records[-1].offset + 1
    return [
        each._replace(offset=end + number)
        for number, each in enumerate(records[first : first + count])
    ]


@pytest.mark.parametrize("kind", [PostingFact, TransactionFact])
def test_every_fact_comes_once(published, kind):
    records = records_of(published, kind)
    once = facts_of(Facts(kind, {}), records)
    assert len(once) == len(records) > 8
    for first in range(len(records)):
        assert facts_of(Facts(kind, {}), [*records, *again(records, first, 5)]) == once


@pytest.mark.parametrize("kind", [PostingFact, TransactionFact])
def test_a_repeat_is_known_from_a_stored_position_too(published, kind):
    records = records_of(published, kind)
    once = facts_of(Facts(kind, {}), records)
    for number in range(1, len(records)):
        first = Facts(kind, {})
        facts_of(first, records[:number])
        later = Facts(kind, first.positions())
        rest = [*again(records[:number], 0, number), *records[number:]]
        assert facts_of(later, rest) == once[number:]


@pytest.mark.parametrize("kind", [BalanceFact, ControlTotal])
def test_of_what_only_the_latest_counts_all_comes(published, kind):
    records = records_of(published, kind)
    assert len(facts_of(Facts(kind, {}), [*records, *records])) == 2 * len(records)


def test_every_topic_for_analysts_has_its_kind():
    assert set(TOPICS.values()) == {each.name for each in PUBLISH_TOPICS if each is not PUBLISH_LOG}
