"""What analysts read is the log, record by record, also when its worker is killed in the middle."""

import json
import signal
import time
from collections import Counter
from pathlib import Path

import pytest

from ingress.sdk import CaptureHold, PlaceHold, Transfer
from ops.cli import main
from ops.reading import read_topic
from ops.rig import running_partitions, start_worker
from schemas.codec import decode
from schemas.messages.facts import BalanceFact, PostingFact, TransactionFact
from tests.support.aloud import say_aloud
from topics.catalog import BALANCES, POSTINGS, TRANSACTIONS

NAME = "publish-1"
DEADLINE_S = 90.0
COMMANDS = 240
GUIDE = Path(__file__).parents[3] / "docs" / "guides" / "analysts.md"
ALL = (POSTINGS, PostingFact)


@pytest.fixture
def publishing(ledger):
    """A worker of the publish job beside the ledger's own."""
    env = {"LEDGER_SESSION_TIMEOUT_S": "3", "LEDGER_SNAPSHOT_RECORDS": "300"}
    process = start_worker(ledger.stack, NAME, env, job="publish")
    ledger.wait_for("the publish job to run", lambda: runs(ledger), DEADLINE_S)
    yield process
    process.stop()


@pytest.fixture
def checked(ledger, monkeypatch, tmp_path, capsys):
    """`ledgerctl published check` in this process."""
    monkeypatch.setenv("LEDGER_KAFKA", ledger.kafka)
    monkeypatch.setenv("LEDGER_STATE_DIR", str(tmp_path))

    def run():
        capsys.readouterr()
        assert main(["published", "check", "--json"]) == 0
        return json.loads(capsys.readouterr().out)

    return run


def runs(ledger):
    return running_partitions(ledger.stack, NAME) == ledger.witness.partitions


def read(ledger, topic, kind):
    return [decode(kind, each.value) for each in read_topic(ledger.kafka, topic.name)]


def journal(ledger):
    """Every posting of the log, as the witness read it."""
    return Counter(
        (partition, decision.sequence, entry.index, number, line.account, line.owner, line.amount)
        for partition, found in ledger.witness.decisions.items()
        for decision in found
        for entry in decision.entries
        for number, line in enumerate(entry.postings)
    )


def summary(fact):
    return (
        *(fact.partition, fact.sequence, fact.entry, fact.posting),
        *(fact.account, fact.owner, fact.amount_minor),
    )


def pay(ledger, people, numbers):
    """Transfers, most of them to another partition, and holds."""
    for number in numbers:
        payer, payee = people[number % 8], people[(number * 3 + 1) % 8]
        if payer == payee:
            held = ledger.send(payer, PlaceHold(people[(number + 1) % 8], "EUR", 5, 3_600))
            ledger.send(payer, CaptureHold(held.command_id, 3, keep_open=False))
        else:
            ledger.send(payer, Transfer(payee, "EUR", 1 + number))


def kill_in_the_middle(ledger, process, people):
    """Traffic, a crash, more traffic while the worker enters again; postings before the crash."""
    pay(ledger, people, range(COMMANDS // 2))
    ledger.wait_for("something to be published", lambda: read(ledger, *ALL), DEADLINE_S)
    process.kill(signal.SIGKILL)
    ledger.wait_for("it to end", lambda: process.report().restarts == 1, DEADLINE_S)
    before = len(read(ledger, *ALL))
    pay(ledger, people, range(COMMANDS // 2, COMMANDS))
    ledger.quiesce()
    total = journal(ledger).total()
    ledger.wait_for(
        "all of it to be published", lambda: len(read(ledger, *ALL)) >= total, DEADLINE_S
    )
    assert process.report().exits == (-signal.SIGKILL,)
    return before


def test_what_is_published_is_the_log_although_its_worker_was_killed(
    ledger, publishing, request, checked
):
    people = [ledger.open(partition=each, fund=900_00) for each in range(8)]
    before = kill_in_the_middle(ledger, publishing, people)
    wanted, postings = journal(ledger), read(ledger, *ALL)
    assert Counter(map(summary, postings)) == wanted
    assert 0 < before < len({each.posting_id for each in postings}) == len(postings)
    balances = read(ledger, BALANCES, BalanceFact)
    changes = read(ledger, TRANSACTIONS, TransactionFact)
    for person in people:
        assert_told(ledger, person, balances, changes)
    assert_examples_run(ledger)
    found = checked()
    assert found["findings"] == []
    assert sum(each["postings"] for each in found["partitions"]) == len(postings)
    say_aloud(request, f"{len(postings)} postings published once, {before} before the kill")


def assert_told(ledger, person, balances, changes):
    """A wallet's newest balances are what it has, and its life is in the order of the log."""
    newest = {
        each.account: (each.wallet_sequence, -each.balance_minor)
        for each in balances
        if each.wallet_id == person
    }
    assert {account: minor for account, (_, minor) in newest.items() if minor} == ledger.balances(
        person
    )
    life = [each for each in changes if each.wallet_id == person]
    places = [(each.sequence, each.change) for each in life]
    assert places == sorted(set(places))
    assert {each.thing for each in life} >= {"TRANSFER", "TOP_UP"}


def assert_examples_run(ledger):
    """The guide's readers, stopped in the middle and begun again where they stood."""
    text = GUIDE.read_text(encoding="utf-8")
    example = {}
    exec(text.split("```python\n")[1].split("```")[0], example)
    balances, refusals, places, heads = {}, {}, {}, {}
    wanted = {
        (wallet_id, each.account, each.currency): each.minor
        for number in range(ledger.witness.partitions)
        for wallet_id, row in ledger.witness.view(number).wallets.rows.items()
        for each in row.balances
        if each.minor
    }

    def level():
        return {key: minor for key, minor in balances.items() if minor} == wanted

    def whole():
        return {number: each.sequence for number, each in heads.items()} == {
            number: last for number, last in ledger.witness.sequences.items() if last
        }

    for stop in (lambda: bool(balances), in_time(level)):
        example["follow_balances"](ledger.kafka, balances, places, stop)
    for stop in (lambda: bool(heads), in_time(whole)):
        example["follow_refusals"](ledger.kafka, refusals, heads, stop)
    assert level()
    assert whole()
    assert refusals == Counter(
        decision.reason.name
        for found in ledger.witness.decisions.values()
        for decision in found
        if decision.reason is not None
    )


def in_time(condition):
    """The condition, or that it took too long: then the test says what is missing."""
    deadline = time.monotonic() + DEADLINE_S
    return lambda: condition() or time.monotonic() > deadline
