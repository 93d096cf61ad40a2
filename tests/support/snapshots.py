"""Snapshots of a running ledger, as they lie in the shared place, and state that gets lost.

Owns: which partitions have one, and the loss of a stopped worker's databases.
Never: damages a snapshot; a journey does.
"""

import shutil

from tests.support.customers import PARTITIONS

SNAPPED_S = 120.0


def manifests(ledger):
    """The newest manifest of each partition that has one."""
    newest = {}
    for path in sorted((ledger.stack.layout.snapshots / "local" / "wallet").glob("*/*/*.json")):
        newest[int(path.parents[1].name)] = path
    return newest


def wait_snapped(ledger):
    """Wait until every partition has a snapshot; in vain, say where the place has any."""
    wanted = set(range(PARTITIONS))
    try:
        ledger.wait_for(
            "a snapshot of every partition", lambda: wanted <= manifests(ledger).keys(), SNAPPED_S
        )
    except AssertionError as error:
        place = ledger.stack.layout.snapshots
        found = sorted(str(path.relative_to(place)) for path in place.rglob("*.json"))
        raise AssertionError(f"{error}\nin {place}: {found}") from None


def lose_state(ledger, name):
    """Stop a worker and take away what it keeps."""
    ledger.process(name).stop()
    shutil.rmtree(ledger.stack.layout.state / name / "wallet")
