"""The plan of access lists: what is missing, what is too much, and what is not ours to judge."""

import pytest

from topics.acl.entry import CLUSTER, EVERYTHING, Entry
from topics.acl.plan import compare, wanted
from topics.catalog import COMMANDS, EVENTS
from topics.errors import UnknownProcessError

NEEDED = wanted("local", {})


def test_equal_lists_need_nothing():
    assert compare(NEEDED, NEEDED).lines() == []


def test_an_empty_cluster_needs_everything():
    plan = compare((), NEEDED)
    assert set(plan.missing) == NEEDED
    assert "allow: User:ledger-wallet may write topic ledger.events.v1" in plan.lines()


@pytest.mark.parametrize(
    "entry",
    [
        Entry("User:ledger-analyst", "write", "topic", COMMANDS.name),
        Entry("User:ledger-wallet", "alter", "cluster", CLUSTER),
        Entry("User:stranger", "read", "topic", EVENTS.name),
        Entry("User:stranger", "read", "topic", "ledger.", prefixed=True),
        Entry("User:stranger", "read", "topic", EVERYTHING),
        Entry("User:stranger", "write", "transactional_id", EVERYTHING),
        Entry("User:stranger", "write", "transactional_id", "local-wallet-3"),
        Entry("User:stranger", "write", "transactional_id", "local-wal", prefixed=True),
        Entry("User:stranger", "read", "group", "local-wallet"),
        Entry("User:stranger", "read", "group", "analyst-of-mine"),
        Entry("User:ledger-wallet", "read", "topic", EVENTS.name, host="10.0.0.1"),
        Entry("User:ledger-wallet", "read", "topic", EVENTS.name, denied=True),
    ],
    ids=Entry.text,
)
def test_what_is_allowed_too_much_is_removed(entry):
    plan = compare(NEEDED | {entry}, NEEDED)
    assert (plan.missing, plan.excess) == ((), (entry,))
    assert plan.lines() == [f"remove: {entry.text()}"]
    assert compare(NEEDED | {entry}, NEEDED, {entry.principal}).lines() == []


@pytest.mark.parametrize(
    "entry",
    [
        Entry("User:stranger", "read", "topic", "ledger"),
        Entry("User:stranger", "read", "topic", "orders.", prefixed=True),
        Entry("User:admin", "alter", "cluster", CLUSTER),
        Entry("User:stranger", "read", "group", "orders"),
    ],
    ids=Entry.text,
)
def test_what_is_not_the_ledgers_is_left_alone(entry):
    assert compare(NEEDED | {entry}, NEEDED).lines() == []


def test_a_process_may_be_another_principal():
    needed = wanted("local", {"wallet": "User:CN=w"})
    assert {e.principal for e in needed - NEEDED} == {"User:CN=w"}
    with pytest.raises(UnknownProcessError, match=r"walet is no process .*wallet"):
        wanted("local", {"walet": "User:w"})
