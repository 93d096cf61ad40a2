"""The id of what a crossing raises is that of one crossing of one account, and of no other."""

from schemas.messages.automation import Watch
from streams.automation.actions import action_id
from tests.unit.streams.automation.watched import SAFE


def test_a_system_account_crosses_in_each_partition_for_itself():
    """The ids of two partitions differ: else the ledger would take the second for a repeat."""
    ids = {action_id(SAFE, "low", "payouts", 1, partition) for partition in range(3)}
    assert len(ids) == 3
    theirs = Watch("W.AVL", "", "EUR")
    assert len({action_id(theirs, "low", "ann", 1, partition) for partition in range(3)}) == 1
