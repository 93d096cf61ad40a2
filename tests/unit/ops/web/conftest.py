"""The console in memory: the shipped application over the fakes that ship with it."""

import asyncio
from collections.abc import Iterator

import httpx
import pytest

from ops.reading import Placed
from ops.web.app import create_app
from ops.web.board import Board
from ops.web.fakes import FakeSource
from tests.unit.ops.ledger_day import day

HOME = "http://127.0.0.1:8085"


class Console:
    """Requests of a browser on this machine, one after the other; `now` is the charts' clock."""

    def __init__(self, runner):
        self.now = 1_000.0
        self.source = FakeSource()
        self.board = Board(self.source, lambda: self.now, patience_s=60)
        self.app = create_app(self.board)
        self._runner = runner
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
        self._client = httpx.AsyncClient(transport=transport, base_url=HOME)

    def ask(self, path, method="GET", **headers):
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self._runner.run(self._client.request(method, path, headers=named))

    def page(self, path):
        """The text of a page, which is always there."""
        answer = self.ask(path)
        assert answer.status_code == 200, answer.text
        return answer.text

    def panel(self, page, name, **asked):
        """A panel of a page as a program gets it."""
        query = "&".join(f"{key}={value}" for key, value in asked.items())
        answer = self.ask(f"/{page}.json?{query}")
        assert answer.status_code == 200, answer.text
        return answer.json()["panels"][name]

    def rows(self, page, name, **asked):
        found = self.panel(page, name, **asked)
        assert found["trouble"] == ""
        return found["rows"]

    def sample(self, later_s=2.0):
        """Time goes on; the charts take a sample."""
        self.now += later_s
        self.board.sample()


def placed_of(*writers) -> Iterator[Placed]:
    """The Decisions of writers, as a reader of their logs has them."""
    for writer in writers:
        for record, decision in zip(writer.log, writer.decisions, strict=True):
            yield Placed(decision, record.offset, decision.decided_at, record.value)


@pytest.fixture
def console():
    with asyncio.Runner() as runner:
        yield Console(runner)


@pytest.fixture
def busy(console):
    """A console over a day in which a transfer is still on its way."""
    console.source.decided(placed_of(*day(settled=False)))
    return console
