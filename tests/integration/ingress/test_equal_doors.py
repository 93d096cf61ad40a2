"""Two fresh ledgers, one asked by Kafka and one by HTTP: what they decide is the same."""

import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from itertools import zip_longest
from typing import NamedTuple

import httpx
import pytest

from ingress.http.route import request_of
from ingress.http.routes import WRITES
from ingress.sdk.bodies import BODIES
from ops.rig import start_door
from ops.stack import ports
from schemas.codec import decode
from schemas.messages.commands import WalletCommand
from schemas.messages.decisions import InputSource
from schemas.messages.vocabulary import InputTopic, Outcome, RejectionReason, Stage
from tests.support.customers import ANSWER_S
from tests.support.mixed_day import acts, orders_of_the_day, rounds
from tests.support.running import START_S, RunningLedger
from tests.support.stack import running_stack

COMMANDS = 2_000
CLIENTS = 8
ROUTES = {route.command: route for route in WRITES}
# Nobody dies here: a machine that others use is not to look like a dead worker.
PATIENT = {"LEDGER_SESSION_TIMEOUT_S": "30"}
# A command that no address takes could not be compared; there is none.
WITHOUT_A_ROUTE = frozenset()
# Kinds that this day has refused only, and why; both ledgers refuse them in the same words.
NEVER_ACCEPTED = {
    "AllocateSale": "it names a sequence, and no two ledgers number alike",
    "ResolveReview": "nothing is reviewed under rules that do not look at the time",
    "ReturnPayout": "its payout was not handed over",
    "SubmitPayout": "cards are not paid out to",
    "SweepResidual": "the wallet may still pay",
    "WithdrawDispute": "the dispute is under review",
}
ACCEPTED = Outcome.ACCEPTED
# What a limit of a window tells is when it is free again: a time.
TIMES = {RejectionReason.LIMIT_WINDOW, RejectionReason.LIMIT_COUNT}


class Told(NamedTuple):
    """What two ledgers must say alike of one input."""

    asked: bool  # by a command, not by a leg or a timer
    outcome: Outcome
    reason: RejectionReason | None
    detail: str
    stage: Stage
    entries: list
    after: list  # the wallet's own balances
    input: bytes


@pytest.fixture(scope="module")
def ledgers():
    """One ledger asked by Kafka alone, and one with an HTTP entrance."""
    with ExitStack() as ending, ThreadPoolExecutor(2) as pool:
        stacks = [running_stack("kafka") for _ in range(2)]
        up = [each.result() for each in [pool.submit(ending.enter_context, x) for x in stacks]]
        found = []
        for stack in up:
            found.append(RunningLedger(stack, ("worker-1",), PATIENT, sinks=()))
            ending.callback(found[-1].close)
            found[-1].activate(*orders_of_the_day(now_us()))
        port = ports.settle(up[1].layout.root / "http.json", ["http"], {})["http"]
        ending.callback(start_door(up[1], port).stop)
        base = f"http://127.0.0.1:{port}"
        client = ending.enter_context(httpx.Client(base_url=base, timeout=ANSWER_S))
        found[1].wait_for("the door to be ready", lambda: is_ready(client), START_S)
        yield *found, client


def is_ready(client):
    try:
        return client.get("/readyz").is_success
    except httpx.TransportError:
        return False


def now_us():
    return time.time_ns() // 1_000


def by_kafka(ledger, commands):
    for each in [ledger._producer.send_command(command) for command in commands]:
        each.result(ANSWER_S)
    ledger.quiesce()


def by_http(client, commands):
    """Send commands all at once; their answers."""

    def post(command):
        path, body = request_of(ROUTES[type(command.body).__name__], command, "EUR")
        given = {"Idempotency-Key": command.command_id}
        return client.post(f"/v1{path}", content=body, headers=given)

    with ThreadPoolExecutor(CLIENTS) as pool:
        return list(pool.map(post, commands))


def matured(ledger, commands):
    """Wait until no sale waits for its time any more."""
    marts = {each.wallet_id for each in commands}

    def nothing_waits():
        return not any("M.PEND" in ledger.balances(mart) for mart in marts)

    ledger.saw("the sales to mature", nothing_waits)
    ledger.quiesce()


def decided(ledger):
    """Every Decision of the log in order of its wallet, without what two ledgers cannot share."""
    found = {}
    for number, decisions in ledger.witness.decisions.items():
        for each in decisions:
            if isinstance(each.source, InputSource) and each.source.topic is InputTopic.CONTROL:
                continue
            tellings = found.setdefault((number, each.wallet_id, each.command_id), [])
            # What is refused for its form has no memory: it is refused again in the same words.
            again = tellings and not each.entries and told(each) == tellings[-1]
            if each.outcome is not Outcome.DUPLICATE and not again:
                tellings.append(told(each))
    return found


def told(each):
    """What one Decision says: no time, no place in the log, no balance of the whole ledger."""
    asked = isinstance(each.source, InputSource) and each.source.topic is InputTopic.COMMANDS
    return Told(
        asked,
        each.outcome,
        each.reason,
        "" if each.reason in TIMES else each.detail,
        each.stage,
        [(entry.flow, [posting_of(x) for x in entry.postings]) for entry in each.entries],
        sorted(
            (x.account, x.currency, x.minor) for x in each.balances if x.owner == each.wallet_id
        ),
        # The bytes of a leg number it, and no two ledgers number alike.
        each.input if asked else b"",
    )


def posting_of(posting):
    return posting.account, posting.owner, posting.currency, posting.amount


def balances(ledger):
    """Every account of every partition, of wallets and of the ledger itself."""
    found = {}
    for number in range(ledger.witness.partitions):
        view = ledger.witness.view(number)
        for wallet_id, row in view.wallets.rows.items():
            found |= {(wallet_id, x.account, x.currency): x.minor for x in row.balances}
        rows = view.accounts.rows.items()
        found |= {(number, *key): row.minor for key, row in rows}
    return found


def the_same(one, other):
    """Fail with the first differences of two ledgers; what both decided."""
    first, second = decided(one), decided(other)
    assert first.keys() == second.keys()
    differ = [
        (key, [(a, b) for a, b in zip_longest(first[key], second[key]) if a != b])
        for key in first
        if first[key] != second[key]
    ]
    assert not differ, (len(differ), differ[:2])
    assert balances(one) == balances(other)
    return first


def test_every_command_has_an_address():
    assert BODIES.keys() - ROUTES.keys() == WITHOUT_A_ROUTE


def test_two_thousand_mixed_commands_are_decided_alike_by_kafka_and_by_http(ledgers):
    kafka, http, client = ledgers
    first, second = acts(1, COMMANDS, now_us())
    assert len(first) + len(second) == COMMANDS
    for act in (first, second):
        for commands in rounds(act):
            by_kafka(kafka, commands)
            assert {each.status_code for each in by_http(client, commands)} == {202}
            http.quiesce()
        for ledger in (kafka, http):
            matured(ledger, second)
    found = the_same(kafka, http)
    kinds, accepted = Counter(type(each.body).__name__ for each in first + second), set()
    for each in (each for tellings in found.values() for each in tellings):
        if each.asked and each.outcome is ACCEPTED:
            accepted.add(type(decode(WalletCommand, each.input).body).__name__)
    assert kinds.keys() == BODIES.keys()
    assert kinds.keys() - accepted == NEVER_ACCEPTED.keys()
