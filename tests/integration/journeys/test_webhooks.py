"""A transfer is told to an endpoint that fails, across a killed sender and a topic read again."""

import json
import signal
import threading
import time
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import psycopg
import pytest
from standardwebhooks import Webhook

from ingress.sdk import Transfer
from ops.cli import main
from ops.rig import running_partitions, start_webhooks, start_worker
from sinks.postgres.migrate import migrate
from tests.support.aloud import say_aloud
from topics.catalog import ATTEMPTS, TRANSACTIONS

PUBLISH, TELLING = "publish-for-webhooks", "webhooks-1"
DEADLINE_S = 90.0
WHY = ("--execute", "--reason", "a journey")


class Endpoint(ThreadingHTTPServer):
    """Answers 500 twice to the first message, then 204 to all; or nothing, while told to."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Answering)
        self.asked = []  # (message id, headers, body, answer); no answer: it was cut off
        self.guard = threading.Lock()
        self.free = threading.Event()
        self.free.set()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_address[1]}/hook"

    def take(self, message_id, headers, body):
        """Note a post, and say how it is answered."""
        with self.guard:
            first = self.asked[0][0] if self.asked else message_id
            status = 500 if message_id == first and len(self.answers(first)) < 2 else 204
            answer = status if self.free.is_set() else None
            self.asked.append((message_id, headers, body, answer))
        return answer

    def answers(self, message_id):
        """The answers to a message so far."""
        return [status for each, _, _, status in self.asked if each == message_id]

    def done(self):
        """Types of the messages that it took, by id."""
        return {
            message_id: json.loads(body)["type"]
            for message_id, _, body, status in self.asked
            if status == 204
        }


class Answering(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        status = self.server.take(self.headers["webhook-id"], dict(self.headers), body)
        if status is None:
            self.server.free.wait(DEADLINE_S)
            return
        self.send_response(status)
        self.end_headers()

    def log_message(self, *_given):
        """Say nothing."""


@pytest.fixture
def endpoint():
    server = Endpoint()
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.free.set()
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def dsn(ledger, monkeypatch, tmp_path):
    """A database of its own, for ledgerctl too."""
    place = ledger.stack.endpoints.postgres
    with psycopg.connect(place, autocommit=True) as connection:
        connection.execute("CREATE DATABASE webhooks")
    own = place.rpartition("/")[0] + "/webhooks"
    migrate(own)
    monkeypatch.setenv("LEDGER_POSTGRES", own)
    monkeypatch.setenv("LEDGER_STATE_DIR", str(tmp_path))
    return own


@pytest.fixture
def publishing(ledger):
    env = {"LEDGER_SESSION_TIMEOUT_S": "3", "LEDGER_SNAPSHOT_RECORDS": "300"}
    process = start_worker(ledger.stack, PUBLISH, env, job="publish")
    every = ledger.witness.partitions
    ledger.wait_for(
        "publish to run", lambda: running_partitions(ledger.stack, PUBLISH) == every, DEADLINE_S
    )
    yield process
    process.stop()


@pytest.fixture
def telling(ledger, dsn, publishing):
    process = start_webhooks(ledger.stack, TELLING, {"LEDGER_POSTGRES": dsn}, "--first-s", "0.2")
    yield process
    process.stop()
    assert set(process.report().exits) <= {0, -signal.SIGKILL}


@pytest.fixture
def ctl(dsn, capsys):
    def run(*arguments):
        capsys.readouterr()
        assert main(["webhooks", *arguments, "--json"]) == 0
        return json.loads(capsys.readouterr().out)

    return run


def forget_positions(dsn):
    """What nobody should do; its reader finds out with the next record, and begins anew."""
    with psycopg.connect(dsn) as connection:
        forgotten = connection.execute("DELETE FROM webhook_position").rowcount
    assert forgotten


def read_to_the_end(ledger, dsn):
    """Whether every partition with a position stands at the end of its topic."""
    with psycopg.connect(dsn) as connection:
        rows = connection.execute("SELECT topic, partition, next_offset FROM webhook_position")
        at = {(topic, number): offset for topic, number, offset in rows.fetchall()}
    return all(
        # Behind the last record lies the marker of its transaction, which nobody is given.
        at.get((topic.name, number), 0) >= end - 1
        for topic in (TRANSACTIONS, ATTEMPTS)
        for number, end in ledger.ends(topic.name).items()
    )


def test_a_transfer_is_told_once_by_its_id_whatever_dies_and_whatever_is_read_again(
    ledger, endpoint, telling, dsn, ctl, request
):
    began = time.monotonic()
    payer, payee = ledger.open(partition=1, fund=200_00), ledger.open(partition=2)
    only = ("--wallet", payer, "--wallet", payee, "--type", "transfer.*")
    added = ctl("add", "--url", endpoint.url, "--allow-private", *only, *WHY)

    def pay(euros, told):
        ledger.accepted(payer, Transfer(payee, "EUR", euros * 100))
        what = f"the transfer of {euros} to be told"
        ledger.wait_for(what, lambda: len(endpoint.done()) == told, DEADLINE_S)

    # Out of the payer's wallet, into the payee's, and the end of it at the payer's.
    pay(10, told=3)
    types = Counter(endpoint.done().values())
    assert types == {"transfer.processing": 1, "transfer.completed": 2}
    assert endpoint.answers(endpoint.asked[0][0]) == [500, 500, 204]
    assert_believed(endpoint, added["secret"])

    rotated, rotated_at = ctl("rotate", added["id"], *WHY), len(endpoint.asked)
    cut_off = kill_on_the_way(ledger, endpoint, telling, lambda: pay(20, told=6))
    for secret in (added["secret"], rotated["secret"]):
        assert_believed(endpoint, secret, rotated_at)

    asked = len(endpoint.asked)
    forget_positions(dsn)
    pay(30, told=9)
    ledger.wait_for("the topics to be read again", lambda: read_to_the_end(ledger, dsn), DEADLINE_S)
    assert len(endpoint.done()) == 9
    old, new = (
        {each[0] for each in some} for some in (endpoint.asked[:asked], endpoint.asked[asked:])
    )
    assert old & new == set()
    assert [each["state"] for each in ctl("deliveries", added["id"])] == ["DONE"] * 9
    say_aloud(
        request,
        f"3 transfers, 9 events told in {len(endpoint.asked)} posts, {cut_off} of them cut off by "
        f"SIGKILL; topics read again: no repeat; {time.monotonic() - began:.0f} s",
    )


def kill_on_the_way(ledger, endpoint, telling, pay):
    """Kill the sender while it waits for an answer; return how many posts that cut off."""
    before, since = set(endpoint.done()), len(endpoint.asked)
    endpoint.free.clear()
    paying = threading.Thread(target=pay)
    paying.start()
    ledger.wait_for("a letter on its way", lambda: len(endpoint.asked) > since, DEADLINE_S)
    telling.kill(signal.SIGKILL)
    ledger.wait_for("it to end", lambda: telling.report().restarts == 1, DEADLINE_S)
    endpoint.free.set()
    paying.join()
    cut_off = [each for each, _, _, status in endpoint.asked[since:] if status is None]
    assert set(cut_off) <= set(endpoint.done()) - before  # told later, under the same ids
    return len(cut_off)


def assert_believed(endpoint, secret, since=0):
    """Every post is signed, and each message has the same bytes at every attempt."""
    bodies = {}
    for message_id, headers, body, _ in endpoint.asked[since:]:
        assert Webhook(secret).verify(body, headers)["id"]
        assert bodies.setdefault(message_id, body) == body
