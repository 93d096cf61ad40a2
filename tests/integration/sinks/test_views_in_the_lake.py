"""The views over the lake and those of PostgreSQL say the same of the same day."""

from datetime import timedelta

import psycopg
import pytest

from schemas.codec import decode
from schemas.messages.decisions import Decision
from sinks.batch import Batch, Position
from sinks.lake.reads import open_views
from sinks.postgres.rows import instant
from tests.integration.sinks.store_backends import SERVERS
from tests.support.lakes import facts_of_rigs, lake_of, rigs_of_day
from tests.support.recon import log_of_rig

OF_HOLDS = "wallet_id, hold_id, to_wallet_id, currency, remaining, placed_at, expires_at"
QUESTIONS = tuple(
    f"SELECT {columns} FROM {view}"
    for view, columns in {
        "posted": "partition, sequence, entry, posting, decided_at, day, flow, account, owner,"
        " currency, amount",
        "trial_balance": "account, currency, debits, credits, balance",
        "statement": "wallet_id, currency, day, decided_at, partition, sequence, entry, flow,"
        " command_id, amount, balance",
        "daily_movement": "day, account, currency, postings, debits, credits, movement, closing",
        "fee_revenue": "day, account, flow, currency, postings, earned",
        "aged_hold": OF_HOLDS,
    }.items()
)
TRIAL_BALANCE = QUESTIONS[1]
AS_OF = tuple(
    f"SELECT {columns} FROM {view}('{{at}}')"
    for view, columns in {
        "balance_as_of": "account, owner, currency, partition, minor",
        "trial_balance_as_of": "account, currency, balance",
        "aged_holds": f"{OF_HOLDS}, age, bucket, overdue",
    }.items()
)


@pytest.fixture
def both(ledger_stack, tmp_path):
    """A day of the real core in PostgreSQL and in a lake: a question to each, and the times."""
    rigs = rigs_of_day(length=400)
    lake_of(tmp_path, facts_of_rigs(rigs))
    fresh = SERVERS["postgres"](ledger_stack.endpoints)
    sink = fresh.open()
    times = []
    for number, rig in enumerate(rigs):
        decisions = tuple(decode(Decision, each.value) for each in log_of_rig(rig))
        times += [each.decided_at for each in decisions if each.entries]
        after = Position(len(decisions), decisions[-1].sequence, b"chain", "topic")
        sink.write(Batch(number, decisions, None, after))
    lake = open_views(str(tmp_path))
    with psycopg.connect(fresh.dsn, autocommit=True) as database:
        yield (
            lambda question: rows(database.execute(question.encode())),
            lambda question: rows(lake.execute(question)),
            sorted(times),
        )
    lake.close()
    fresh.drop()


def rows(found):
    """Rows in an order of their own, numeric sums as whole numbers."""
    whole = [
        tuple(int(v) if hasattr(v, "as_tuple") else v for v in row) for row in found.fetchall()
    ]
    return sorted(whole, key=repr_of)


def repr_of(row):
    return [f"{value.timestamp()}" if hasattr(value, "timestamp") else str(value) for value in row]


def test_both_say_the_same(both):
    postgres, lake, times = both
    for question in QUESTIONS:
        assert postgres(question) == lake(question), question
        assert lake(question), question
    buckets, days = set(), (0, 1, 7, 30)
    middle, last = instant(times[len(times) // 2]), instant(times[-1])
    for at in (instant(times[0]), middle, *(last + timedelta(days=each) for each in days)):
        for question in AS_OF:
            asked = question.format(at=at.isoformat())
            found = lake(asked)
            assert postgres(asked) == found, asked
            buckets |= {row[8] for row in found if len(row) == 10}
    assert len(buckets) > 2
    assert {sum(row[4] for row in lake(TRIAL_BALANCE) if row[1] == "EUR")} == {0}
