"""A read that brings the position of a write shows it, whichever store answers and restarts."""

import asyncio
from collections import Counter

import pytest

from ops.bench.fresh import restarts
from ops.bench.fresh_pairs import pairs_of
from ops.stack import ports, workers
from tests.support.load import Load

CLIENTS = 8
PAIRS = 400
LONG_PAIRS = 10_000


@pytest.fixture(scope="module")
def port(ledger):
    """A door of this module's own on the shared stack."""
    found = ports.settle(ledger.stack.layout.root / "fresh.json", ["http"], {})["http"]
    spec = workers.door(found, ledger.stack.endpoints)
    door = ledger.stack.manage("http-fresh", spec.argv, dict(spec.env))
    ledger.wait_for("the door to listen", lambda: not ports.is_free(found))
    yield found
    door.stop()


def never_stale(ledger, port, pairs, seed):
    with Load(ledger):
        seen = asyncio.run(pairs_of(port, pairs, CLIENTS, seed, restarts(ledger.stack)))
    assert not seen.stale, (len(seen.stale), seen.stale[:3])
    assert seen.pairs >= pairs
    answered = Counter()
    for name, count in seen.sources.items():
        answered[name.rpartition(" ")[2]] += count
    assert answered.keys() == {"redis", "postgres", "cassandra"}
    ledger.quiesce()


def test_no_read_with_a_token_is_stale_while_each_store_restarts(ledger, port):
    never_stale(ledger, port, PAIRS, seed=1)


@pytest.mark.long
def test_thousands_of_reads_with_a_token_are_not_stale(ledger, port):
    never_stale(ledger, port, LONG_PAIRS, seed=2)
