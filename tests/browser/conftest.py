"""A browser and a console over its fakes, served as `ledgerctl console` serves it."""

import threading

import pytest
import uvicorn

from ops.web.board import Board
from ops.web.command import config_of, listening
from ops.web.fakes import FakeSource
from tests.support.browser import browser
from tests.support.stack import wait_until
from tests.unit.ops.ledger_day import day
from tests.unit.ops.web.conftest import placed_of


class Served:
    """A console that listens; `now` is its charts' clock."""

    def __init__(self):
        self.now = 1_764_417_600.0
        self.source = FakeSource()
        self.source.decided(placed_of(*day(settled=False)))
        self.board = Board(self.source, lambda: self.now, patience_s=60)
        self.socket = listening(0)
        self.url = f"http://127.0.0.1:{self.socket.getsockname()[1]}"
        self.server = uvicorn.Server(config_of(self.board))
        self.thread = threading.Thread(target=self.server.run, args=([self.socket],))

    def start(self):
        self.thread.start()
        wait_until(lambda: self.server.started)

    def stop(self):
        self.server.should_exit = True
        self.thread.join(30)
        self.socket.close()

    def sample(self):
        self.now += 2
        self.board.sample()


@pytest.fixture
def served():
    console = Served()
    console.start()
    yield console
    console.stop()


@pytest.fixture(scope="module")
def tab():
    with browser() as opened:
        yield opened


@pytest.fixture(autouse=True)
def nothing_said(tab):
    """A page says nothing on the browser's console: no error, nothing that a policy refused."""
    tab.said.clear()
    tab.look_like(1_360, 900, "light")
    yield
    assert tab.said == []
