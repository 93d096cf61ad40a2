"""Decision to rows, for each store, without a server."""

import itertools
import json

import pytest

from ledger.chart import WALLET_ACCOUNTS
from ledger.facts import entries_of, is_wallet_account, outcome_of, postings_of
from ledger.history import DAY_US, group_by_key, history_of, month_of
from ledger.text import TEXT_CHARS_MAX, bounded
from sinks.digests import OUTCOMES, Digest, LogDigests, differences, digest_of
from sinks.postgres.rows import JournalRows, instant, micros_of
from sinks.redis.rows import balances_in, changes_of
from tests.unit.sinks.sample_log import START_US, SampleLog


@pytest.fixture(scope="module")
def log():
    return SampleLog(partition=3, seed=11).day(600)


@pytest.fixture(scope="module")
def transfer():
    sample = SampleLog(partition=3)
    sample.opened = ["alice", "bob"]
    sample.wallet = itertools.cycle(["alice", "bob"]).__next__
    sample.amount = lambda: 500
    return sample.transfer()


def test_outcome_of_a_transfer(transfer):
    assert outcome_of(transfer) == (
        3, 1, transfer.decided_at, "COMMANDS", 1, "alice", transfer.command_id,
        "ACCEPTED", "", "", "FINAL", 0,
    )  # fmt: skip


def test_postings_of_a_transfer_are_numbered_and_balanced(transfer):
    assert entries_of(transfer) == [(3, 1, 0, "F4.1", transfer.decided_at)]
    assert postings_of(transfer) == [
        (3, 1, 0, 0, "W.AVL", "alice", "EUR", 502),
        (3, 1, 0, 1, "W.AVL", "bob", "EUR", -500),
        (3, 1, 0, 2, "REV.P2P", "", "EUR", -2),
    ]


def test_history_shows_each_wallet_its_own_side(transfer):
    alice, bob = history_of(transfer)
    assert (alice[0], alice[11], alice[13], alice[14]) == (
        "alice", "bob", [("W.AVL", "EUR", 502)], [("W.AVL", "EUR", 502)],
    )  # fmt: skip
    assert (bob[0], bob[10], bob[11], bob[13]) == ("bob", "F4.1", "alice", [("W.AVL", "EUR", -500)])


def test_history_shows_a_refusal_to_the_wallet_it_was_addressed_to():
    sample = SampleLog()
    sample.opened = ["alice"]
    (row,) = history_of(sample.refuse())
    assert (row[0], row[6:9], row[12:]) == (
        "alice", ("REJECTED", "LIMIT_WINDOW", "day"), ("", [], []),
    )  # fmt: skip


def test_history_of_a_decision_about_nobody_is_empty():
    sample = SampleLog()
    assert history_of(sample.decision("")) == []


def test_history_says_in_words_what_no_entry_says():
    sample = SampleLog(partition=3)
    sample.opened = ["alice"]
    told = {}
    for maker in (sample.tier, sample.begin, sample.hold, sample.extend_hold, sample.freeze):
        (row,) = history_of(maker())
        told[maker.__name__] = row[12]
    state = next(iter(sample.transactions.values()))
    assert told["tier"].startswith("TIER ")
    assert told["begin"] == f"{state.kind} PROCESSING (sent)"
    assert told["hold"] == "", "its entry says F7.1"
    assert told["extend_hold"] == "HOLD EXTENDED"
    assert told["freeze"] in {"WALLET FROZEN", "WALLET ACTIVE"}


def test_history_of_a_transaction_names_its_other_side():
    sample = SampleLog(partition=3)
    sample.opened = ["alice"]
    sample.random.choice = lambda options: options[1] if "shop" in options else options[0]
    (row,) = history_of(sample.begin())
    assert row[11] == "shop"


@pytest.mark.parametrize("code", sorted(WALLET_ACCOUNTS))
def test_every_account_of_a_wallet_is_one_for_the_stores(code):
    assert is_wallet_account(code)


def test_history_rows_of_one_wallet_and_month_go_together(log):
    grouped = group_by_key(log.decisions)
    assert all((row[0], row[1]) == key for key, rows in grouped.items() for row in rows)
    keys = [row[:4] for rows in grouped.values() for row in rows]
    assert len(set(keys)) == len(keys) == sum(len(history_of(each)) for each in log.decisions)


@pytest.mark.parametrize(
    ("micros", "month"),
    [(0, 197001), (31 * DAY_US - 1, 197001), (31 * DAY_US, 197002), (START_US, 202611)],
)
def test_month(micros, month):
    assert month_of(micros) == month


def test_times_survive_the_database():
    assert micros_of(instant(START_US + 1)) == START_US + 1


def test_journal_rows_state_the_facts(log):
    rows = JournalRows(log.decisions)
    facts = [fact for decision in log.decisions for fact in postings_of(decision)]
    assert rows.postings == facts
    assert [row[:2] for row in rows.outcomes] == [(3, each.sequence) for each in log.decisions]
    assert len(rows.entries) == sum(len(each.entries) for each in log.decisions)


def test_a_wallet_opened_and_frozen_in_one_batch_is_one_row_with_the_last_word():
    sample = SampleLog(partition=3)
    sample.random.random = lambda: 0.0
    opened, frozen = sample.open(), sample.freeze()
    rows = JournalRows([opened, frozen])
    change = rows.wallet_changes["w3-0"]
    assert set(rows.wallets_opened) == {"w3-0"}
    assert (change.tier, change.status, change.debit_blocked) == ("BASIC", "FROZEN", True)


def test_a_change_says_nothing_of_what_it_does_not_know():
    sample = SampleLog(partition=3)
    sample.opened = ["alice"]
    change = JournalRows([sample.tier()]).wallet_changes["alice"]
    assert (change.debit_blocked, change.credit_blocked) == (None, None)


@pytest.mark.parametrize(
    ("kind", "moved", "status"),
    [
        ("capture", [(0, 499, 1)], "CAPTURED"),
        ("release", [(0, 0, 500)], "EXPIRED"),
        ("refused", [(0, 499, 1), (0, -499, 499)], "CAPTURED"),
    ],
)
def test_a_hold_and_its_end_in_one_batch(kind, moved, status):
    sample = SampleLog(partition=3)
    sample.opened = ["alice"]
    sample.amount = lambda: 500
    held = sample.hold()
    sample.random.choice = lambda _: kind
    rows = JournalRows([held, sample.end_hold()])
    (key,) = rows.holds_placed
    assert [step[5:] for step in rows.hold_steps] == moved
    assert rows.hold_changes[key].status == status


def test_a_hold_incremented_and_extended_says_so_in_a_step_and_a_change():
    sample = SampleLog(partition=3)
    sample.opened = ["alice"]
    held = sample.hold()
    sample.amount = lambda: 70
    sample.random.choice = lambda options: options[-1]
    grown, extended = sample.grow_hold(), sample.extend_hold()
    rows = JournalRows([grown, extended])
    (step,) = rows.hold_steps
    assert (step[3], step[4], step[5:]) == ("alice", held.events[0].hold_id, (70, 0, 0))
    (change,) = rows.hold_changes.values()
    assert (change.status, change.extended) == (None, True)
    assert micros_of(change.expires_at) == extended.events[0].expires_at > 0


def test_the_last_of_two_ends_counts_even_if_it_is_never():
    sample = SampleLog(partition=3)
    sample.opened = ["alice"]
    sample.hold()
    ends = iter((sample.at, 0))
    sample.random.choice = lambda options: next(ends) if 0 in options else options[0]
    (change,) = JournalRows([sample.extend_hold(), sample.extend_hold()]).hold_changes.values()
    assert (change.extended, change.expires_at) == (True, None)


def test_a_hold_that_never_expires_has_no_time():
    sample = SampleLog(partition=3)
    sample.opened = ["alice"]
    sample.random.choice = lambda options: options[0]
    (row,) = JournalRows([sample.hold()]).holds_placed.values()
    assert row[-1] is None


def test_a_transaction_that_moves_on_in_one_batch_is_one_row_and_all_its_steps():
    sample = SampleLog(partition=3)
    sample.opened = ["alice"]
    begun, later = sample.begin(), sample.move()
    first, second = begun.events[0].row, later.events[0].row
    rows = JournalRows([begun, later])
    ((key, row),) = rows.transactions.items()
    assert [step[:3] for step in rows.transaction_steps] == [(3, 1, 0), (3, 1, 1), (3, 2, 0)]
    assert [step[6:8] for step in rows.transaction_steps] == [
        ("INITIATED", "PENDING"),
        ("PENDING", "PROCESSING"),
        ("PROCESSING", second.state),
    ]
    assert row[:6] == (*key, first.kind, second.state, first.currency, first.amount)
    assert row[-4:] == (1, instant(begun.decided_at), 2, instant(later.decided_at))


@pytest.mark.parametrize(
    ("due", "ends"), [(0, (None, False)), (7, (instant(7), False)), (-7, (instant(7), True))]
)
def test_a_timer_that_sleeps_keeps_its_time(due, ends):
    sample = SampleLog(partition=3)
    sample.opened = ["alice"]
    sample.random.choice = lambda options: due if 0 in options else options[0]
    (row,) = JournalRows([sample.begin()]).transactions.values()
    assert row[18:20] == ends


def test_redis_hashes_read_back_as_the_balances_of_the_log(log):
    changes = changes_of("p", 3, log.decisions)
    found = []
    for key, arguments in changes.items():
        triples = zip(arguments[::3], arguments[1::3], arguments[2::3], strict=True)
        fields = {field: f"{minor} {sequence}" for field, minor, sequence in triples}
        found += balances_in(key, {"partition": "3", **fields})
    digests = LogDigests(3)
    digests.add(log.decisions)
    assert differences(digests.result(), {"balances": digest_of(found)}) == []


@pytest.mark.parametrize("text", ["", "c-1", "x" * TEXT_CHARS_MAX, "\u20ac"])
def test_ordinary_text_is_left_alone(text):
    assert bounded(text) is text


def test_text_no_store_can_index_is_cut_and_stays_apart():
    one, other = "x" * 5000, "x" * 5000 + "y"
    assert len(bounded(one)) < TEXT_CHARS_MAX + 20
    assert bounded(one) != bounded(other)
    assert "\x00" not in bounded("a\x00b")
    assert bounded("a\x00b") != bounded("a\u2400b")


def test_a_digest_does_not_depend_on_order():
    rows = [(1, "a"), (2, "b"), (2, "b")]
    assert digest_of(rows) == digest_of(rows[::-1])


@pytest.mark.parametrize(
    "damaged",
    [
        [(1, "a")],
        [(1, "a"), (2, "b"), (2, "b")],
        [(1, "a"), (2, "c")],
        [(1, "a"), ("2", "b")],
        [(1, "b"), (2, "a")],
    ],
)
def test_a_digest_shows_rows_missing_repeated_changed_or_swapped(damaged):
    assert digest_of(damaged) != digest_of([(1, "a"), (2, "b")])


def test_rows_are_canonical_whatever_sequence_holds_their_lists():
    assert json.dumps((1, [("a", 2)])) == json.dumps([1, (("a", 2),)])


def test_differences_name_the_view(log):
    digests = LogDigests(3)
    digests.add(log.decisions)
    (line,) = differences(digests.result(), {OUTCOMES: Digest(1, 2)})
    assert line.startswith("outcomes: log ")
