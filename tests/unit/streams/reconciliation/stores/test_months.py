"""RI10: what Cassandra holds of a wallet and month is compared at the sequence it stood at."""

from collections import defaultdict

import pytest

from ledger.history import history_of
from ledger.tally import DIGEST_BYTES, MODULUS, row_digest
from ledger.units import UNIT_BUCKETS, month_bucket, month_unit
from schemas.messages.recon import HistoryHeld, MonthHeld
from schemas.messages.vocabulary import ReconAction, ReconCheck, Store
from streams.reconciliation.stores.tables import MEMBERS
from tests.unit.sinks.sample_log import SampleLog
from tests.unit.streams.reconciliation.stores.depot import Depot

SEQUENCE = 2


@pytest.fixture(scope="module")
def log():
    return SampleLog(seed=8, wallets=12).day(400, group=12, void_every=6)


class Books:
    """A Cassandra; its rows may be changed."""

    def __init__(self, log):
        self.depot = Depot(log)
        self.seals = self.depot.seals
        self.rows = [row for each in log.decisions for row in history_of(each)]

    def attest(self, watermark=None):
        """Every bucket is read, of a store that stands there."""
        at = watermark or self.seals[-1]
        units = defaultdict(list)
        for row in self.rows:
            if row[SEQUENCE] <= at or row[SEQUENCE] > 10**6:
                units[month_unit(*row[:2])].append(row)
        for bucket in range(UNIT_BUCKETS):
            held = [
                MonthHeld(unit, len(rows), digest_of(rows))
                for unit, rows in units.items()
                if month_bucket(unit) == bucket
            ]
            self.depot.tell(HistoryHeld(bucket, at, tuple(held)), Store.CASSANDRA)
        return self.depot


def digest_of(rows):
    return (sum(map(row_digest, rows)) % MODULUS).to_bytes(DIGEST_BYTES, "big")


@pytest.fixture
def books(log):
    return Books(log)


def test_an_honest_store_is_equal_wherever_it_stands(books):
    for judged in (*books.seals[::9], books.seals[-1]):
        books.depot.follow(judged)
        for at in [each for each in books.seals if each <= judged][-12::3]:
            books.attest(at)
    for early in books.seals[::11]:
        books.attest(early)
    assert books.depot.said == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda rows: rows.pop(7), "1 missing"),
        (lambda rows: rows.append((*rows[7][:2], 10**7, *rows[7][3:])), "1 extra"),
        (lambda rows: rows.append(("ghost", 202611, 3, *rows[7][3:])), "1 rows of 0, 1 extra"),
        (lambda rows: rows.append((*rows.pop(7)[:-1], [])), "some were altered"),
        (lambda rows: rows.append((*rows[7][:6], "EDITED", *rows.pop(7)[7:])), "some were altered"),
    ],
)
def test_a_row_dropped_put_in_or_altered_is_found_and_healed(books, change, said):
    books.depot.follow()
    honest = list(books.rows)
    change(books.rows)
    (found,) = books.attest().opened
    assert (found.check, found.action) == (ReconCheck.RI10, ReconAction.REPAIR)
    assert said in found.detail
    (order,) = books.depot.orders
    wanted = [row for row in honest if month_unit(*row[:2]) == order.bucket]
    assert (order.store, order.expected) == (Store.CASSANDRA, digest_of(wanted))
    assert order.watermark == books.seals[-1]
    books.rows = honest
    assert len(books.attest().closed) == 1
    assert b"ghost" not in b"".join(
        value for key, value in books.depot.disk.rows.items() if key.startswith(MEMBERS.prefix)
    )


def test_an_order_says_where_in_the_log_a_month_begins(books, log):
    books.depot.follow()
    row = books.rows.pop()
    books.attest()
    (order,) = books.depot.orders
    first = min(each[SEQUENCE] for each in books.rows if each[:2] == row[:2])
    begun = next(group for group in log.groups if group[-1].sequence >= first)[0].sequence
    offsets = {each.sequence: offset for offset, each in zip_offsets(log)}
    assert order.offset == offsets[begun]


def zip_offsets(log):
    """Every Decision with its offset; of those decided again the last one."""
    sealed = iter(log.sealed_groups())
    for group in sealed:
        start = group.next_offset - len(group.decisions)
        yield from enumerate(group.decisions, start)
