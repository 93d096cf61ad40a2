"""The views that analysts ask on real PostgreSQL say what a fold of the log says."""

from collections import Counter, defaultdict
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest

from ledger.chart import WALLET_ACCOUNTS
from ledger.facts import HOLD_EVENTS, hold_of, moved_by
from schemas.messages.events import HoldPlaced
from sinks.batch import Batch, Position
from sinks.postgres.rows import instant
from tests.integration.sinks.store_backends import SERVERS
from tests.unit.sinks.sample_log import START_US, SampleLog

GUIDE = Path(__file__).parents[3] / "docs" / "guides" / "analysts.md"
DAY_US = 86_400_000_000
MINUTE_US = 60_000_000


@pytest.fixture(scope="module")
def logs():
    """Two partitions of a night: a day of UTC ends in the middle."""
    evening = START_US - START_US % DAY_US + DAY_US - 20 * MINUTE_US
    samples = [SampleLog(number, wallets=30, start_us=evening) for number in range(2)]
    return [sample.day(400) for sample in samples]


@pytest.fixture
def store(ledger_stack, logs):
    """PostgreSQL, level with the log."""
    fresh = SERVERS["postgres"](ledger_stack.endpoints)
    sink = fresh.open()
    for log in logs:
        after = Position(log.offset, log.sequence, log.chain, "topic")
        sink.write(Batch(log.partition, log.decisions, None, after))
    yield fresh
    fresh.drop()


@pytest.fixture
def ask(store):
    """Rows of a statement."""
    with psycopg.connect(store.dsn, autocommit=True) as connection:
        connection.execute("SET TIME ZONE 'Asia/Tokyo'")  # a day is one of UTC whoever asks
        yield lambda statement, *values: connection.execute(statement, values or None).fetchall()


@pytest.fixture(scope="module")
def log(logs):
    """Every Decision, and every posting with where and when it was made."""
    return Journal([each for part in logs for each in part.decisions])


class Journal:
    def __init__(self, decisions):
        self.decisions = decisions
        self.postings = [
            (decision, entry, line)
            for decision in decisions
            for entry in decision.entries
            for line in entry.postings
        ]

    def sums(self, key, until=None):
        found = Counter()
        for decision, entry, line in self.postings:
            if until is None or decision.decided_at <= until:
                found[key(decision, entry, line)] += line.amount
        return {key: minor for key, minor in found.items() if minor}

    def middle(self):
        times = sorted({decision.decided_at for decision, _, _ in self.postings})
        return times[len(times) // 2]


def day_of(decision):
    return instant(decision.decided_at).date()


def whole(rows):
    """Numeric sums as whole numbers."""
    return [tuple(int(v) if hasattr(v, "as_tuple") else v for v in row) for row in rows]


def test_every_view_says_what_the_log_says(ask, log):
    assert_trial_balance(ask, log)
    assert_balances_as_of(ask, log)
    assert_statements(ask, log)
    assert_daily_movement(ask, log)
    assert_holds_by_age(ask, log)
    assert_fees(ask, log)


def assert_trial_balance(ask, log):
    rows = whole(ask("SELECT account, currency, debits, credits, balance FROM trial_balance"))
    assert {row[:2]: row[4] for row in rows if row[4]} == log.sums(
        lambda _, __, line: (line.account, line.currency)
    )
    assert {row[2] - row[3] - row[4] for row in rows} == {0}
    by_currency = Counter()
    for row in rows:
        by_currency[row[1]] += row[4]
    assert set(by_currency.values()) == {0}


def assert_balances_as_of(ask, log):
    middle = log.middle()
    for at in (0, middle, middle + 400 * DAY_US):
        rows = whole(ask("SELECT * FROM balance_as_of(%s)", instant(at)))
        assert {row[:4]: row[4] for row in rows} == log.sums(
            lambda decision, _, line: (*address(line), decision.partition), at
        )
        total = whole(ask("SELECT * FROM trial_balance_as_of(%s)", instant(at)))
        assert {row[:2]: row[2] for row in total} == log.sums(
            lambda _, __, line: (line.account, line.currency), at
        )


def address(line):
    return line.account, line.owner, line.currency


def assert_statements(ask, log):
    """Amounts and running balances of every wallet, to its good positive."""
    moved = log.sums(
        lambda decision, entry, line: (
            (line.owner, line.currency, decision.sequence, entry.index)
            if line.account in WALLET_ACCOUNTS
            else None
        )
    )
    moved.pop(None, None)
    wanted, running = {}, defaultdict(int)
    for key in sorted(moved):
        running[key[:2]] -= moved[key]
        wanted[key] = (-moved[key], running[key[:2]])
    rows = whole(ask("SELECT wallet_id, currency, sequence, entry, amount, balance FROM statement"))
    assert {row[:4]: row[4:] for row in rows} == wanted
    some = max(wanted)[0]
    mine = ask("SELECT command_id, day FROM statement WHERE wallet_id = %s", some)
    assert len(mine) == len([key for key in wanted if key[0] == some])


def assert_daily_movement(ask, log):
    rows = whole(ask("SELECT day, account, currency, movement, closing FROM daily_movement"))
    wanted = log.sums(lambda decision, _, line: (day_of(decision), line.account, line.currency))
    assert {row[:3]: row[3] for row in rows if row[3]} == wanted
    assert len({row[0] for row in rows}) > 1
    closing = defaultdict(int)
    for row in sorted(rows):
        closing[row[1:3]] += row[3]
        assert row[4] == closing[row[1:3]]
    assert {key: minor for key, minor in closing.items() if minor} == log.sums(
        lambda _, __, line: (line.account, line.currency)
    )


def assert_holds_by_age(ask, log):
    placed, left = {}, Counter()
    for decision in log.decisions:
        for event in decision.events:
            if isinstance(event, HoldPlaced):
                placed[hold_of(event)] = decision.decided_at
                left[hold_of(event)] += event.amount
            elif isinstance(event, HOLD_EVENTS) and (moved := moved_by(event)) is not None:
                authorized, captured, released = moved
                left[hold_of(event)] += authorized - captured - released
    open_now = {hold: minor for hold, minor in left.items() if minor}
    assert len(open_now) < len(left)
    assert open_now
    buckets = set()
    newest = instant(max(placed[hold] for hold in open_now))
    for days, seconds in ((0, 1), *((days, off) for days in (1, 7, 30) for off in (-1, 0))):
        at = newest + timedelta(days=days, seconds=seconds)
        rows = ask("SELECT wallet_id, hold_id, remaining, age, bucket FROM aged_holds(%s)", at)
        assert {row[:2]: row[2] for row in rows} == open_now
        for wallet_id, hold_id, _, age, bucket in rows:
            assert age == at - instant(placed[wallet_id, hold_id])
            assert bucket == bucket_of(age)
            buckets.add(bucket)
    assert len(buckets) == 4
    assert len(ask("SELECT * FROM aged_hold")) == len(open_now)


def bucket_of(age):
    names = ((1, "under 1 day"), (7, "1 to 7 days"), (30, "7 to 30 days"))
    return next((name for days, name in names if age < timedelta(days=days)), "30 days and over")


def assert_fees(ask, log):
    rows = whole(ask("SELECT day, account, flow, currency, earned FROM fee_revenue"))
    wanted = {
        key: -minor
        for key, minor in log.sums(
            lambda decision, entry, line: (
                day_of(decision),
                line.account,
                entry.flow,
                line.currency,
            )
        ).items()
        if key[1].startswith("REV.")
    }
    assert wanted
    assert {row[:4]: row[4] for row in rows if row[4]} == wanted


def test_every_example_of_the_guide_runs(ask):
    text = GUIDE.read_text(encoding="utf-8")
    examples = [each.split("```")[0] for each in text.split("```sql\n")[1:]]
    statements = [each for part in examples for each in part.split(";") if each.strip()]
    assert len(statements) >= 8
    for each in statements:
        ask(each)
