"""Rates: too many requests are refused and told when to come; a store that is away refuses none."""

import asyncio
import json
import re

import pytest
from limits import parse
from limits.aio.storage import MemoryStorage
from limits.errors import StorageError
from prometheus_client import CollectorRegistry
from prometheus_client.exposition import generate_latest

from eyes import names
from ingress.http.eyes import DoorEyes
from ingress.http.guard import pace as pacing
from ingress.http.guard.pace import Pace, Rates, network_of
from ingress.http.keys import new_key, read_keys
from ingress.http.roles import Role
from tests.unit.ingress.http import issuer

THREE = parse("3/hour")


class Counters(MemoryStorage):
    """Counters of all doors, which may be away, or never answer."""

    away, silent, asked = False, False, 0

    async def acquire_sliding_window_entry(self, *args, **kwargs):
        self.asked += 1
        if self.away:
            raise StorageError(ConnectionRefusedError("nobody there"))
        if self.silent:
            await asyncio.Event().wait()
        return await super().acquire_sliding_window_entry(*args, **kwargs)


@pytest.fixture
def keys(tmp_path):
    made = [new_key(name, Role.ADMIN) for name in ("app", "desk")]
    path = tmp_path / "keys.json"
    path.write_text(json.dumps({"keys": [entry for _, entry in made]}))
    return read_keys(path), [f"Bearer {token}" for token, _ in made]


def paced(shared=None, **rates):
    return Pace(Rates(**rates), DoorEyes(), shared)


def too_many(response, of):
    assert (response.status_code, response.json()["code"]) == (429, "RATE_LIMITED")
    assert response.json()["of"] == of
    wait_s = int(response.headers["Retry-After"])
    assert 1 <= wait_s <= 3600
    assert response.headers["RateLimit-Policy"] == f'"{of}";q=3;w=3600'
    assert response.headers["RateLimit"] == f'"{of}";r=0;t={wait_s}'
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    return True


def test_a_caller_has_a_rate_whatever_it_asks_and_another_has_its_own(new_door, keys):
    door = new_door(keys[0], issuer.provider(), paced(caller=THREE))
    app, desk = keys[1]
    for path in ("/wallets/w-1", "/wallets/w-2/balances", "/wallets/w-1/holds"):
        assert door.get(path, Authorization=app).status_code != 429
    assert too_many(door.get("/wallets/w-1", Authorization=app), "caller")
    assert too_many(door.post("/wallets/w-1/transfers", {}, Authorization=app), "caller")
    assert door.get("/wallets/w-1", Authorization=desk).status_code == 404
    for _ in range(3):
        assert door.get("/wallets/w-1", Authorization=issuer.bearer()).status_code == 404
    assert too_many(door.get("/wallets/w-1", Authorization=issuer.bearer()), "caller")
    assert door.ledger.taken == []


def test_an_address_has_a_rate_also_for_who_is_nobody(new_door, keys):
    door = new_door(keys[0], pace=paced(address=THREE))
    for path, status in (("/wallets/w-1", 401), ("/nowhere", 404), ("/wallets/w-1", 401)):
        assert door.get(path).status_code == status
    assert too_many(door.get("/nowhere"), "address")
    assert too_many(door.get("/wallets/w-1", Authorization=keys[1][0]), "address")
    for path in ("/healthz", "/readyz"):
        assert door.run(door.client.get(path)).status_code == 200


def test_refused_requests_do_not_lengthen_the_wait(new_door, keys):
    door = new_door(keys[0], pace=paced(address=parse("1/hour")))
    door.get("/nowhere")
    first = int(door.get("/nowhere").headers["Retry-After"])
    for _ in range(20):
        assert int(door.get("/nowhere").headers["Retry-After"]) <= first


def test_doors_with_one_store_count_together(new_door, runner):
    shared = Counters()
    doors = [new_door(pace=paced(shared, address=THREE)) for _ in range(2)]
    codes = []
    for door in (*doors, *doors):
        door.app.state.guard = door.guard
        codes.append(door.get("/nowhere").status_code)
    assert codes == [404, 404, 404, 429]


@pytest.mark.parametrize("how", ["away", "silent"])
def test_a_store_that_is_away_refuses_nobody_and_is_left_alone(new_door, caplog, monkeypatch, how):
    monkeypatch.setattr(pacing, "ANSWER_S", 0.01)
    monkeypatch.setattr(pacing, "LEFT_ALONE_S", 0.0)
    shared = Counters()
    pace = paced(shared, address=THREE)
    door = new_door(pace=pace)
    assert door.get("/nowhere").status_code == 404
    setattr(shared, how, True)
    assert [door.get("/nowhere").status_code for _ in range(4)] == [404, 404, 404, 429]
    assert pace.eyes.alone
    assert caplog.text.count("counted by this door alone") == 1
    setattr(shared, how, False)
    assert door.get("/nowhere").status_code == 404
    assert not pace.eyes.alone
    assert caplog.text.count("with all doors again") == 1


def test_a_store_that_is_away_is_not_asked_for_every_request(new_door):
    shared = Counters()
    shared.away = True
    door = new_door(pace=paced(shared, address=parse("100/hour")))
    for _ in range(20):
        assert door.get("/nowhere").status_code == 404
    assert shared.asked == 1


def test_what_is_refused_is_told_as_a_metric(new_door):
    shared = Counters()
    shared.away = True
    pace = paced(shared, address=THREE)
    door = new_door(pace=pace)
    pace.eyes.watch(lambda: "results are not read")
    for _ in range(5):
        door.get("/nowhere")
    registry = CollectorRegistry(auto_describe=False)
    registry.register(pace.eyes.page())
    page = generate_latest(registry).decode()
    told = dict(re.findall(r"^(ledger_\S+) (\S+)$", page, re.MULTILINE))
    assert told == {
        'ledger_process_ready{job="http"}': "0.0",
        "ledger_http_alone": "1.0",
        "ledger_http_shared_failures_total": "1.0",
        'ledger_http_refused_total{code="NOT_FOUND"}': "3.0",
        'ledger_http_refused_total{code="RATE_LIMITED"}': "2.0",
    }
    assert {metric.name for metric in names.DOOR} == {
        name.partition("{")[0].removesuffix("_total") for name in told
    }
    assert (pace.eyes.dead(), pace.eyes.unready()) == ("", "results are not read")


@pytest.mark.parametrize(
    ("host", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9", "2001:db8:1:2::/64"),
        ("testclient", "testclient"),
    ],
)
def test_what_one_customer_has_of_addresses_is_one(host, network):
    assert network_of(host) == network


@pytest.mark.parametrize(
    ("called", "status"),
    [
        *(("localhost", 200), ("localhost:8080", 200), ("127.0.0.1:8080", 200), ("[::1]:80", 200)),
        *(("evil.example", 403), ("evil.example:8080", 403), ("localhost.evil.example", 403)),
        *(("127.0.0.1.evil.example:80", 403), ("", 403)),
    ],
)
def test_a_door_without_keys_is_called_by_this_machines_names(door, called, status):
    assert door.get("/wallets/ann/balances", host=called).status_code == status


def test_a_door_with_keys_is_called_by_any_name(new_door, keys):
    answer = new_door(keys=keys[0]).get("/wallets/ann/balances", host="ledger.example")
    assert answer.status_code == 401
