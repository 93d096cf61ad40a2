"""A trace through the real step and runtime: in headers only, told when it is committed."""

import pytest

from eyes.trace import HEADER, begun, read
from schemas.codec import decode, encode
from schemas.messages.commands import OpenWallet, TopUp, Transfer, WalletCommand
from schemas.messages.decisions import Decision
from schemas.messages.results import Result
from schemas.messages.vocabulary import Stage, Tier, WalletKind
from streams.publish.job import publish_job
from streams.publish.traced import TracedPublish
from streams.runtime.errors import AbortRequiredError
from streams.runtime.fakes import Entry, FakeCluster, Fault
from streams.runtime.fakes_local import FakeWorker
from streams.runtime.traced import Trails
from streams.wallet.job import WalletJob
from streams.wallet.traced import TracedWallet
from tests.support.builders import policy, ruleset
from tests.support.collector import Told
from tests.support.writers import wallet_at
from topics.catalog import COMMANDS, DEAD_LETTERS, EVENTS, LEGS, POSTINGS, RESULTS

ANN, BOB = wallet_at(0), wallet_at(1)
TRACE = begun(ANN, "pay", 1.0)


class Pair:
    """Two partitions of the ledger over one fake cluster, each with its worker."""

    def __init__(self, folder, told, *, tracing=True):
        self.cluster, self.workers, self.told = FakeCluster(), [], told
        for number in range(2):
            trails = Trails(told, iter(range(1, 1_000_000)).__next__) if tracing else None
            job = WalletJob("test", 2, policy(), ruleset())
            worker = FakeWorker(
                self.cluster, TracedWallet(job, trails) if trails else job, folder / str(number)
            )
            worker.trails = trails
            self.workers.append((worker, worker.started(number)))

    def send(self, wallet_id, body, command_id, header=None):
        at = self.workers[0][0].clock.wall_us()
        value = encode(WalletCommand(command_id, wallet_id, at, body, (), False, None))
        headers = () if header is None else ((HEADER, header),)
        self.put(wallet_id, value, headers)

    def put(self, wallet_id, value, headers=()):
        number = (ANN, BOB).index(wallet_id)
        at = self.workers[number][0].clock.wall_us()
        entry = Entry("plain", wallet_id.encode(), value, headers, at)
        self.cluster.append((COMMANDS.name, number), entry)

    def work(self):
        for _ in range(6):
            for worker, runner in self.workers:
                worker.work(runner)

    def opened(self):
        for wallet in (ANN, BOB):
            self.send(wallet, OpenWallet(WalletKind.CUSTOMER, Tier.BASIC, ("EUR",)), "open")
        self.send(ANN, TopUp("EUR", 500, "card", "ref"), "fill")
        self.work()
        return self

    def day(self, header=None):
        return self.opened().pay(header)

    def pay(self, header):
        self.send(ANN, Transfer(BOB, "EUR", 100), "pay", header)
        self.work()
        return self

    def all(self, topic):
        return [entry for number in range(2) for _, entry in self.cluster.committed(topic, number)]

    def traced(self, topic):
        return [entry for entry in self.all(topic) if HEADER in dict(entry.headers)]


@pytest.fixture
def told():
    return Told()


@pytest.fixture
def pair(tmp_path, told):
    return Pair(tmp_path, told)


def test_a_transfer_is_one_trace_over_both_partitions(pair, told):
    pair.day(TRACE.header)
    about = [decode(Decision, entry.value) for entry in pair.traced(EVENTS.name)]
    assert sorted((each.partition, each.command_id) for each in about) == [
        (0, "pay"),  # sent
        (0, "pay"),  # its answer
        (1, "pay"),  # credited
    ]
    assert len(pair.traced(LEGS.name)) == 2
    results = [decode(Result, entry.value) for entry in pair.traced(RESULTS.name)]
    assert {(each.command_id, each.stage) for each in results} >= {
        ("pay", Stage.PENDING),
        ("pay", Stage.FINAL),
    }
    assert {span.trace.trace_id for span in told.spans} == {TRACE.trace_id}
    assert sorted(told.names()) == ["committed"] * 3 + ["decided"] * 3
    known = {span.trace.span_id for span in told.spans} | {TRACE.span_id}
    assert all(span.parent in known for span in told.spans)
    for entry in pair.traced(EVENTS.name):
        assert read(dict(entry.headers)[HEADER]).span_id in known


def test_nothing_but_headers_differs_from_a_ledger_that_nobody_traces(tmp_path, told):
    traced = Pair(tmp_path / "a", told).day(TRACE.header)
    silent = Pair(tmp_path / "b", told, tracing=False).day(TRACE.header)
    for topic in (EVENTS.name, LEGS.name, RESULTS.name):
        values = [[entry.value for entry in each.all(topic)] for each in (traced, silent)]
        assert values[0] == values[1]
        assert silent.traced(topic) == []
    chains = [
        [dict(e.headers)["chain"] for e in each.all(EVENTS.name)] for each in (traced, silent)
    ]
    assert chains[0] == chains[1]


@pytest.mark.parametrize(
    "header", [None, b"", b"nonsense", b"\xff" * 300, TRACE.header[:-1] + b"0"]
)
def test_a_header_that_is_bad_or_not_sampled_changes_nothing(pair, told, header):
    pair.day(header)
    assert told.spans == []
    assert pair.traced(EVENTS.name) == pair.traced(RESULTS.name) == []
    assert any(decode(Result, e.value).command_id == "pay" for e in pair.all(RESULTS.name))


def test_a_transaction_decided_again_has_the_same_headers_and_is_told_once(pair, told):
    pair.opened().cluster.fail("commit", Fault(AbortRequiredError("planted")))
    pair.pay(TRACE.header)
    places = pair.cluster.logs[EVENTS.name, 0]
    again = {}
    for entry in places:
        if entry.value is not None and HEADER in dict(entry.headers):
            again.setdefault(entry.value, set()).add(dict(entry.headers)[HEADER])
    assert any(entry.state == "aborted" for entry in places if entry.value in again)
    assert all(len(headers) == 1 for headers in again.values())
    ids = [span.trace.span_id for span in told.spans]
    assert len(ids) == len(set(ids)) == 6


def test_a_dead_letter_belongs_to_the_trace_of_its_record(pair):
    pair.put(ANN, b"no command", ((HEADER, TRACE.header),))
    pair.work()
    (letter,) = pair.traced(DEAD_LETTERS.name)
    assert read(dict(letter.headers)[HEADER]).trace_id == TRACE.trace_id


def test_the_facts_of_a_traced_decision_belong_to_it(pair, told, tmp_path):
    pair.day(TRACE.header)
    del told.spans[:]
    trails = Trails(told, iter(range(1, 1_000_000)).__next__)
    worker = FakeWorker(pair.cluster, publish_job(TracedPublish(trails)), tmp_path / "publish")
    worker.trails = trails
    worker.work(worker.started(0))
    facts = [
        entry
        for _, entry in pair.cluster.committed(POSTINGS.name, 0)
        if HEADER in dict(entry.headers)
    ]
    assert 0 < len(facts) < len(pair.cluster.committed(POSTINGS.name, 0))
    assert sorted(told.names()) == ["committed"] * 2 + ["published"] * 2
    assert {span.trace.trace_id for span in told.spans} == {TRACE.trace_id}
