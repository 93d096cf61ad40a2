"""Snapshots of a running ledger, as they lie in the shared place, and state that gets lost.

Owns: which partitions have one, and the loss of a stopped worker's databases.
Never: damages a snapshot; a journey does.
"""

import shutil

from tests.support.customers import PARTITIONS
from tests.support.running import SNAPSHOT_RECORDS

SNAPPED_S = 120.0


def manifests(ledger):
    """The newest manifest of each partition that has one."""
    newest = {}
    place = ledger.stack.layout.snapshots / "local" / "wallet"
    for path in sorted(place.glob("*/*/*.json"), key=lambda path: int(path.stem)):
        newest[int(path.parents[1].name)] = path
    return newest


def wait_snapped(ledger):
    """Wait until every partition has a snapshot worth taking; in vain, say where there is any."""

    def snapped():
        newest = manifests(ledger)
        # A smaller one, of a new owner's first seconds, is left: its records are folded instead.
        worth = [path for path in newest.values() if int(path.stem) >= int(SNAPSHOT_RECORDS)]
        return len(worth) == PARTITIONS

    try:
        ledger.wait_for("a snapshot of every partition", snapped, SNAPPED_S)
    except AssertionError as error:
        place = ledger.stack.layout.snapshots
        found = sorted(str(path.relative_to(place)) for path in place.rglob("*.json"))
        raise AssertionError(f"{error}\nin {place}: {found}") from None


def lose_state(ledger, name):
    """Stop a worker and take away what it keeps."""
    ledger.process(name).stop()
    shutil.rmtree(ledger.stack.layout.state / name / "wallet")
