"""RI09: what PostgreSQL holds of a bucket is compared with the log; lag is lag, and no break."""

from copy import deepcopy

import pytest

from ledger.tally import BUCKET, Rows, digest_of, rows_of
from schemas.codec import decode
from schemas.messages.decisions import Decision
from schemas.messages.recon import RepairBegun, RepairEnded
from schemas.messages.vocabulary import ReconAction, ReconCheck, Store
from streams.reconciliation.stores.breaks import ATTEMPTS_MAX
from tests.unit.sinks.sample_log import SampleLog
from tests.unit.streams.reconciliation.stores.depot import Depot


@pytest.fixture(scope="module")
def small():
    return SampleLog(seed=3).day(500, group=30, void_every=5)


@pytest.fixture(scope="module")
def large():
    """A bucket and a bit; one group lies across the edge."""
    return SampleLog(seed=4, wallets=5).day(BUCKET + 250, group=400, void_every=9)


def posted(depot, at=0):
    """A sequence with postings, whose rows may be changed."""
    found = [number for number, rows in depot.held.items() if rows.postings][at]
    depot.held[found] = deepcopy(depot.held[found])
    return found


def altered(rows, minor):
    *key, amount = rows.postings[0]
    rows.postings[0] = (*key, amount + minor)


def test_at_every_seal_an_honest_store_is_equal(small):
    depot = Depot(small).follow()
    for watermark in depot.seals:
        depot.attest(0, watermark)
    assert depot.said == []


def test_a_store_ahead_of_the_job_is_compared_once_the_job_is_there(small):
    early, late = (Depot(small).seals[number] for number in (3, 20))
    depot = Depot(small).follow(2)
    wrong = posted(depot)
    altered(depot.held[wrong], 1)
    depot.attest(0, late).attest(0, early)
    assert depot.said == []
    depot.follow(early)
    assert [each.sequence <= wrong for each in depot.opened] == [True]
    altered(depot.held[wrong], -1)
    depot.follow()
    assert (len(depot.opened), depot.closed) == (1, [])  # the later one was read before it healed
    depot.attest(0, late)
    assert [each.break_id for each in depot.closed] == [depot.opened[0].break_id]


def test_an_altered_row_is_placed_in_its_block_and_its_money_named(small):
    depot = Depot(small).follow()
    wrong = posted(depot, at=80)
    account, currency = depot.held[wrong].postings[0][4], depot.held[wrong].postings[0][6]
    altered(depot.held[wrong], 7)
    depot.attest(0, depot.seals[-1])
    (found,) = depot.opened
    assert (found.check, found.action) == (ReconCheck.RI09, ReconAction.REPAIR)
    assert found.sequence == (wrong - 1) // 100 * 100 + 1
    assert found.detail == (
        f"sequences {found.sequence}-{found.sequence + 99}: {account} {currency} is off by 7"
    )
    assert found.break_id == "RI09-0-0-1"


def test_a_row_that_says_other_words_is_altered(small):
    depot = Depot(small).follow()
    rows = depot.held[5] = deepcopy(depot.held[5])
    rows.outcomes[0] = (*rows.outcomes[0][:-3], "edited", *rows.outcomes[0][-2:])
    depot.attest(0, depot.seals[-1])
    assert [each.detail for each in depot.opened] == ["sequences 1-100: rows were altered"]


def test_a_missing_row_is_counted(small):
    depot = Depot(small).follow()
    wrong = posted(depot)
    del depot.held[wrong].outcomes[0]
    depot.attest(0, depot.seals[-1])
    assert "outcome has 1 rows missing" in depot.opened[0].detail


@pytest.mark.parametrize("sequence", [-5, 0, 700, 10**12])
def test_an_extra_row_is_found_wherever_it_was_put(small, sequence):
    depot = Depot(small).follow()
    depot.held[sequence] = forged = Rows()
    forged.hold_steps.append((0, sequence, 0, "w0-1", "h", 1, 0, 0))
    depot.attest(0, depot.seals[-1])
    assert "hold_step has 1 rows extra" in depot.opened[0].detail


def test_a_row_moved_to_another_sequence_is_found(small):
    depot = Depot(small).follow()
    one, two = posted(depot), posted(depot, at=1)
    depot.held[two].postings.append(depot.held[one].postings.pop())
    depot.attest(0, depot.seals[-1])
    assert len(depot.opened) == 1


def test_a_break_is_opened_once_ordered_again_and_closed_when_equal(small):
    depot = Depot(small).follow()
    wrong = posted(depot)
    altered(depot.held[wrong], 1)
    end = depot.seals[-1]
    for _ in range(3):
        depot.attest(0, end).wait(4)
    assert (len(depot.opened), [each.attempt for each in depot.orders]) == (1, [1])
    for _ in range(20):
        depot.attest(0, end).wait(11)
    assert [each.attempt for each in depot.orders] == list(range(1, ATTEMPTS_MAX + 1))
    altered(depot.held[wrong], -1)
    depot.attest(0, end).attest(0, end)
    assert len(depot.closed) == 1
    altered(depot.held[wrong], 2)
    depot.attest(0, end)
    assert [each.break_id for each in depot.opened] == ["RI09-0-0-1", "RI09-0-0-2"]
    assert depot.orders[-1].attempt == 1
    assert len({each.event_id for each in depot.said}) == len(depot.said)


def test_across_an_edge_every_seal_is_equal_and_an_order_names_what_the_log_says(large):
    depot = Depot(large)
    for watermark in depot.seals:
        depot.follow(watermark)
        if watermark > BUCKET - 1_000:
            depot.attest(0, watermark)
        if watermark > BUCKET:
            depot.attest(1, watermark)
    assert depot.said == []
    assert depot.seals[-1] > BUCKET
    wrong = posted(depot)
    altered(depot.held[wrong], 1)
    lost, end = depot.held.pop(BUCKET + 1), depot.seals[-1]
    depot.attest(0, end).attest(1, end)
    first, second = depot.orders
    assert (first.store, first.bucket, first.watermark) == (Store.POSTGRES, "0", BUCKET)
    assert (second.bucket, second.watermark) == ("1", end)
    assert first.offset == large.records[0][0]
    begun = max(group[0].sequence for group in large.groups if group[0].sequence <= BUCKET + 1)
    value = dict(each[:2] for each in large.records)[second.offset]
    assert decode(Decision, value).sequence == begun
    altered(depot.held[wrong], -1)
    depot.held[BUCKET + 1] = lost
    expected = [digest_of(depot.attested(bucket, end)) for bucket in (0, 1)]
    assert [first.expected, second.expected] == expected


def test_a_store_that_stands_where_no_transaction_ended_is_not_judged(small):
    depot = Depot(small).follow()
    between = next(group for group in small.groups if len(group) > 1)[0].sequence
    assert depot.attest(0, between).said == []


def test_another_process_goes_on_from_the_tables(small):
    depot = Depot(small).follow(200)
    depot.again()
    depot.follow(320)
    depot.again()
    depot.follow().attest(0, depot.seals[-1])
    assert depot.said == []
    altered(depot.held[posted(depot)], 1)
    depot.attest(0, depot.seals[-1])
    depot.again()
    depot.attest(0, depot.seals[-1])
    assert len(depot.opened) == 1


def test_what_becomes_of_a_repair_is_an_event(small):
    depot = Depot(small).follow()
    depot.tell(RepairBegun("RI09-0-0-1", 1, b"a"))
    ended = RepairEnded("RI09-0-0-1", 1, b"a", b"b", 3, "posting 1 0 0 was altered", 0)
    depot.tell(ended)
    assert [each.event_id for each in depot.said] == ["RI09-0-0-1-begun-1", "RI09-0-0-1-ended-1"]
    assert depot.said[1].body == ended


def test_rows_of_a_decision_are_those_of_every_appended_table(small):
    counted = [rows_of(each) for each in small.decisions]
    assert [name for name in TABLES if not any(getattr(rows, name) for rows in counted)] == []


TABLES = ("outcomes", "entries", "postings", "hold_steps", "transaction_steps")


@pytest.mark.parametrize("table", TABLES)
def test_one_word_altered_in_any_table_is_found(small, table):
    depot = Depot(small).follow()
    number = next(number for number, rows in depot.held.items() if getattr(rows, table))
    rows = depot.held[number] = deepcopy(depot.held[number])
    row = getattr(rows, table)[0]
    place = max(at for at, value in enumerate(row) if isinstance(value, str))
    getattr(rows, table)[0] = (*row[:place], f"{row[place]}.", *row[place + 1 :])
    depot.attest(0, depot.seals[-1])
    assert [each.sequence for each in depot.opened] == [(number - 1) // 100 * 100 + 1]
