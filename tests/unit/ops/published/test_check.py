"""Every control of what was published can fail: planted damage is named."""

import pytest

from ops.published.check import check
from schemas.codec import encode
from schemas.messages.commands import PlaceHold, Transfer
from streams.publish import facts as facts_module
from streams.publish.postings import postings_of
from streams.runtime.job import Output
from tests.support.checked import copied
from tests.support.published import Published
from tests.support.recon import log_of_writer
from tests.support.writers import Writer, wallet_at
from topics.catalog import ATTEMPTS, BALANCES, POSTINGS, TOTALS, TRANSACTIONS

HERE, THERE = wallet_at(0), wallet_at(0, 1)


def day():
    writer = Writer()
    writer.open(HERE, 900)
    writer.open(THERE)
    writer.command(HERE, PlaceHold(THERE, "EUR", 100, 60), "hold")
    for number in range(6):
        writer.command(HERE, Transfer(THERE, "EUR", 1 + number), f"n{number}")
        if number % 3 == 2:
            writer.commit()
    writer.commit()
    return Published(log_of_writer(writer))


@pytest.fixture
def published():
    return day().prompt()


def places(published, topic):
    return [n for n, each in enumerate(published.outputs) if each.topic == topic.name]


def replaced(published, place, **fields):
    """One record says something else."""
    output = published.outputs[place]
    fact = published.of_output(output)
    published.outputs[place] = Output(
        output.topic, output.partition, output.key, encode(copied(fact, **fields))
    )


def named(published):
    return check(published, 0).findings


def test_what_is_right_is_found_right(published):
    checked = check(published, 0)
    assert checked.findings == ()
    assert checked.through == max(each.decision.sequence for each in published.log())
    assert checked.postings == len(published.of(POSTINGS)) > 10


@pytest.mark.parametrize("topic", [POSTINGS, TRANSACTIONS, ATTEMPTS])
def test_a_record_that_is_missing(published, topic):
    del published.outputs[places(published, topic)[1]]
    assert any(topic.name in each and "must be here" in each for each in named(published))


@pytest.mark.parametrize("topic", [POSTINGS, TRANSACTIONS, ATTEMPTS])
def test_a_record_that_is_there_twice(published, topic):
    place = places(published, topic)[1]
    published.outputs.insert(place, published.outputs[place])
    assert any(topic.name in each and "must be here" in each for each in named(published))


@pytest.mark.parametrize("topic", [POSTINGS, TRANSACTIONS, ATTEMPTS])
def test_two_records_that_change_places(published, topic):
    one, other = places(published, topic)[:2]
    outputs = published.outputs
    outputs[one], outputs[other] = outputs[other], outputs[one]
    assert any(topic.name in each for each in named(published))


def test_an_amount_that_is_another(published):
    replaced(published, places(published, POSTINGS)[2], amount_minor=1)
    assert any("journal (" in each for each in named(published))
    assert any("must be here" in each for each in named(published))


def test_a_balance_that_is_old(published):
    key = f"{HERE}|W.AVL|EUR".encode()
    mine = [n for n, each in enumerate(published.outputs) if each.key == key]
    del published.outputs[mine[-1]]
    (found,) = named(published)
    assert "in the log" in found
    assert "published" in found


def test_a_total_that_does_not_balance(published):
    last = [n for n in places(published, TOTALS) if published.totals_at(n).topic == POSTINGS.name]
    replaced(published, last[-1], debit_minor="5")
    assert any("credits" in each for each in named(published))


@pytest.mark.parametrize("topic", [BALANCES, TRANSACTIONS, ATTEMPTS])
def test_a_total_that_counts_another_number(published, topic):
    mine = [n for n in places(published, TOTALS) if published.totals_at(n).topic == topic.name]
    replaced(published, mine[-1], records=99)
    assert any("99 in the totals" in each for each in named(published))


def test_a_row_function_that_leaves_a_posting_out_is_found_by_the_journal(monkeypatch):
    monkeypatch.setattr(facts_module, "postings_of", lambda *args: postings_of(*args)[:-1])
    found = named(day().prompt())
    assert any("journal (" in each for each in found)
    assert any("credits" in each for each in found)


def test_what_is_not_published_yet_is_no_difference(published):
    behind = day()
    whole = behind.records
    behind.records = whole[: len(whole) // 2]
    behind.prompt()
    behind.records = whole
    checked = check(behind, 0)
    assert checked.findings == ()
    assert checked.through < check(published, 0).through


def test_attempts_that_retention_removed_are_no_difference(published):
    del published.outputs[places(published, ATTEMPTS)[0]]
    assert named(published) == ()
