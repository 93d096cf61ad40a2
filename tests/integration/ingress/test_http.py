"""The HTTP entrance on the running ledger: the same answers as by Kafka, and no stale read."""

import uuid
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from ingress.sdk import MoveToPot
from ops.acts.reading import acts_in
from ops.reading import read_log
from ops.rig import start_door
from ops.stack import ports

WAIT = {"Prefer": "wait=20"}
READS = ("balances", "entries", "history")
PATIENCE_S = 30.0
CLIENTS = 8


class Api:
    """A client of the door; a request that got no answer is repeated with its key."""

    def __init__(self, port, ledger):
        self._ledger, self._ready = ledger, f"http://127.0.0.1:{port}/readyz"
        self.client = httpx.Client(base_url=f"http://127.0.0.1:{port}/v1", timeout=PATIENCE_S)

    def ready(self):
        try:
            return self.client.get(self._ready).is_success
        except httpx.TransportError:
            return False

    def post(self, path, body, key=None, **headers):
        given = {"Idempotency-Key": key or uuid.uuid4().hex, **headers}
        return self.client.post(path, json=body, headers=given)

    def decided(self, path, body, key=None):
        response = self.post(path, body, key, **WAIT)
        assert response.status_code == 200, response.text
        return response

    def surely(self, path, body, key):
        """Post until it was answered, whatever becomes of the door meanwhile."""
        answers = []

        def answered():
            try:
                response = self.post(path, body, key, **WAIT)
            except httpx.TransportError:
                return False
            if response.status_code in (409, 503):
                return False
            answers.append(response)
            return True

        self._ledger.wait_for(f"an answer to {key}", answered, PATIENCE_S * 2)
        return answers[0]


@pytest.fixture(scope="module")
def door(ledger):
    port = ports.settle(ledger.stack.layout.root / "http.json", ["http"], {})["http"]
    process = start_door(ledger.stack, port)
    api = Api(port, ledger)
    ledger.wait_for("the door to be ready", api.ready)
    yield api, process
    api.client.close()
    process.stop()


@pytest.fixture
def api(door):
    return door[0]


def euros(cents):
    return {"currency": "EUR", "amount": f"{cents // 100}.{cents % 100:02}"}


def send(payee, cents):
    return {"to_wallet_id": payee, **euros(cents)}


def test_a_wallet_lives_by_http_alone(ledger, api):
    payer, payee = ledger.wallet_id(partition=1), ledger.wallet_id(partition=2)
    person = {"kind": "CUSTOMER", "tier": "PREMIUM", "currencies": ["EUR"]}
    for wallet in (payer, payee):
        api.decided(f"/wallets/{wallet}", person)
    top_up = {"currency": "EUR", "amount": "200.00", "rail": "card", "ext_ref": f"http-{payer}"}
    api.decided(f"/wallets/{payer}/top-ups", top_up)
    held = api.post(f"/wallets/{payer}/holds", send(payee, 5_00), "hold-1", **WAIT)
    assert held.status_code == 200
    token = {"Ledger-At-Least": held.headers["Ledger-Position"]}
    (hold,) = api.client.get(f"/wallets/{payer}/holds", headers=token).json()
    assert (hold["hold_id"], hold["authorized"]) == ("hold-1", 5_00)
    balances = api.client.get(f"/wallets/{payer}/balances", headers=token)
    assert balances.headers["Ledger-Source"] == "redis"
    shown = {each["account"]: each["minor"] for each in balances.json() if each["minor"]}
    assert shown == ledger.balances(payer)
    state = api.client.get(f"/wallets/{payer}/commands/hold-1", headers=token).json()
    assert state["state"] == "ACCEPTED"
    assert api.client.get(f"/wallets/{payer}", headers=token).json()["status"] == "ACTIVE"


def test_a_repeat_is_answered_as_the_first_was(ledger, api):
    payer, payee = ledger.open(fund=100_00), ledger.open()
    path = f"/wallets/{payer}/transfers"
    paid = api.decided(path, send(payee, 20_00), "pay-1")
    again = api.decided(path, send(payee, 20_00), "pay-1")
    assert again.headers["Idempotency-Replayed"] == "true"
    assert again.json()["state"] == paid.json()["state"] == "ACCEPTED"
    other = api.post(path, send(payee, 21_00), "pay-1", **WAIT)
    assert (other.status_code, other.json()["code"]) == (422, "IDEMPOTENCY_MISMATCH")
    assert other.json()["detail"] == "amount"
    poor = api.post(path, send(payee, 200_00), **WAIT)
    assert (poor.status_code, poor.json()["code"]) == (422, "INSUFFICIENT_FUNDS")


def test_both_doors_at_once_have_one_effect_and_two_equal_answers(ledger, api):
    saver = ledger.open(fund=500_00)
    keys = [f"both-{number}" for number in range(20)]
    with ThreadPoolExecutor(CLIENTS) as pool:
        path = f"/wallets/{saver}/pots/1/deposits"
        by_http = [
            pool.submit(api.surely, path, euros(1_00 + n), key) for n, key in enumerate(keys)
        ]
        by_kafka = [
            ledger.ask(saver, MoveToPot(1, "EUR", 1_00 + n), command_id=key)
            for n, key in enumerate(keys)
        ]
        answers = [each.result().json() for each in by_http]
    for told, result in zip(answers, by_kafka, strict=True):
        assert (told["command_id"], told["state"]) == (result.command_id, "ACCEPTED")
        assert result.reason is None
        first = result.duplicate_of or result.sequence
        assert (told["partition"], told["sequence"]) == (result.partition, first)
    ledger.quiesce()
    saved = sum(1_00 + n for n in range(20))
    assert ledger.balances(saver) == {"W.AVL": 500_00 - saved, "W.POT.1": saved}


def test_a_killed_door_loses_and_doubles_nothing(ledger, api, door):
    saver = ledger.open(fund=500_00)
    keys = [f"kill-{number}" for number in range(60)]
    with ThreadPoolExecutor(CLIENTS) as pool:
        path = f"/wallets/{saver}/pots/1/deposits"
        sent = [pool.submit(api.surely, path, euros(1_00), key) for key in keys]
        sent[9].result()
        door[1].kill()
        answers = [each.result() for each in sent]
    assert [each.json()["state"] for each in answers] == ["ACCEPTED"] * len(keys)
    ledger.quiesce()
    assert ledger.balances(saver) == {"W.AVL": 440_00, "W.POT.1": 60_00}


def test_no_read_with_a_token_is_stale(ledger, api):
    saver = ledger.open(fund=500_00)

    def pair(number):
        key = f"fresh-{number}"
        written = api.decided(f"/wallets/{saver}/pots/1/deposits", euros(1_00), key)
        token = {"Ledger-At-Least": written.headers["Ledger-Position"]}
        least = int(written.headers["Ledger-Position"].partition(":")[2])
        for name in READS:
            told = api.client.get(f"/wallets/{saver}/{name}", headers=token)
            assert told.status_code == 200, told.text
            assert int(told.headers["Ledger-Position"].partition(":")[2]) >= least
            if name == "history":
                assert key in {each["command_id"] for each in told.json()["items"]}
            if name == "entries":
                assert written.json()["sequence"] <= told.json()["items"][0]["sequence"]

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(pair, range(40)))


def test_what_an_operator_does_at_the_door_is_in_the_chain(ledger, api):
    wallet = ledger.open(fund=1_00)
    body = {"action": "FREEZE_DEBIT", "authority": "OPERATOR"}
    api.decided(f"/wallets/{wallet}/status", body, "freeze-it")
    place = [ledger.partition_of(wallet)]

    def found():
        log = acts_in(read_log(ledger.stack.endpoints.kafka, place))
        return [each.event.act for each in log if each.event.act.subject == wallet]

    ledger.wait_for("the act to be decided", found)
    (act,) = found()
    assert (act.actor, act.verb, act.by) == ("nobody", "ChangeWalletStatus", "nothing")
    assert (act.request_id, act.outcome) == ("freeze-it", "ACCEPTED")
