"""A door in memory: the shipped application over the fakes that ship with it."""

import asyncio

import httpx
import pytest

from ingress.http.app import create_app
from ingress.http.entrance import Entrance
from ingress.http.fakes import FakeHistory, FakeReads
from ingress.http.guard.guard import Guard
from ingress.http.keys import Keys
from ingress.http.reading import Books, LastKnown
from ingress.http.stores import Store
from ingress.sdk.fakes import FakeLedger
from ingress.sdk.waiting import Waiters
from tests.unit.ingress.http.office import Office


class Door:
    """Requests one after the other, or `together`, on one event loop."""

    def __init__(self, app, runner, keys=None, provider=None, pace=None, **parts):
        self.waiters = Waiters()
        self.ledger = FakeLedger(self.waiters)
        self.journal, self.redis, self.history = FakeReads(), FakeReads(), FakeHistory()
        self.missing = ""
        self.books = Books(
            Store("postgres", lambda: self.journal),
            Store("redis", lambda: self.redis),
            Store("cassandra", lambda: self.history),
            LastKnown(),
        )
        self.app, self._runner = app, runner
        app.state.entrance = Entrance(self.ledger, self.waiters)
        self.guard = Guard(keys or Keys(), provider, pace, **parts)
        app.state.books, app.state.guard = self.books, self.guard
        app.state.ready = lambda: self.missing
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        self.client = httpx.AsyncClient(transport=transport, base_url="http://localhost")

    def run(self, coroutine):
        return self._runner.run(coroutine)

    def together(self, *requests):
        async def all_of_them():
            return await asyncio.gather(*requests)

        return self.run(all_of_them())

    def get(self, path, **headers):
        return self.run(self.client.get(f"/v1{path}", headers=_named(headers)))

    def request(self, path, body=None, **headers):
        """A write that was not sent yet."""
        named = {"Idempotency-Key": "k-1", **_named(headers)}
        return self.client.post(
            f"/v1{path}", json=body, headers={k: v for k, v in named.items() if v is not None}
        )

    def post(self, path, body=None, **headers):
        return self.run(self.request(path, body, **headers))


def _named(headers):
    return {name.replace("_", "-"): value for name, value in headers.items()}


@pytest.fixture
def runner():
    with asyncio.Runner() as runner:
        yield runner


@pytest.fixture(scope="session")
def app():
    """One application for all doors: what takes time is its many routes."""
    return create_app(None, None, None, None)


@pytest.fixture
def new_door(app, runner):
    """Makes doors; all are closed at the end."""
    doors = []

    def make(keys=None, provider=None, pace=None, **parts):
        doors.append(Door(app, runner, keys, provider, pace, **parts))
        return doors[-1]

    yield make
    for door in doors:
        door.books.close()


@pytest.fixture
def door(new_door):
    return new_door()


@pytest.fixture
def office(new_door, tmp_path):
    return Office(new_door, tmp_path)
