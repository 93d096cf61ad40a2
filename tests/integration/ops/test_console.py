"""The console over the running ledger: every panel shows what was done, read as a browser would."""

import asyncio
from contextlib import contextmanager
from dataclasses import replace

import httpx
import pytest

from ingress.sdk import PlaceHold, Transfer
from ops.demo.poison import UNKNOWN_SCHEMA
from ops.settings import read_settings
from ops.web.app import create_app
from ops.web.board import Board
from ops.web.panels import PAGES
from ops.web.servers import Servers
from tests.support.stack import wait_until

HOME = "http://127.0.0.1:8085"
STORES = ("postgres", "cassandra", "redis")


class Browser:
    """Pages as programs get them, one after the other."""

    def __init__(self, board, runner):
        transport = httpx.ASGITransport(create_app(board))
        self._client = httpx.AsyncClient(transport=transport, base_url=HOME)
        self._runner = runner
        self.board = board

    def panels(self, page, about=""):
        answer = self._runner.run(self._client.get(f"/{page}.json", params={"id": about}))
        assert answer.status_code == 200
        return answer.json()["panels"]

    def rows(self, page, panel, about=""):
        return self.panels(page, about)[panel]["rows"]

    def seen(self, page, panel, about="", **wanted):
        """The row that has these values; it may take a moment until it is there."""

        def found():
            rows = self.rows(page, panel, about)
            return [each for each in rows if wanted.items() <= each.items()]

        wait_until(found)
        return found()[0]


def settings_of(ledger):
    ends = ledger.stack.endpoints.env()
    return read_settings({**ends, "LEDGER_STATE_DIR": str(ledger.stack.layout.state)})


@contextmanager
def opened(settings):
    board = Board(Servers(settings))
    try:
        with asyncio.Runner() as runner:
            yield Browser(board, runner)
    finally:
        board.close()


@pytest.fixture(scope="module")
def console(ledger):
    with opened(settings_of(ledger)) as browser:
        yield browser


@pytest.fixture(scope="module")
def done(ledger):
    """A transfer across partitions, a hold, a dead letter: who, which, and where it lay."""
    payer, payee = ledger.open(fund=100_00, partition=2), ledger.open(partition=5)
    paid = ledger.accepted(payer, Transfer(payee, "EUR", 12_50))
    hold = ledger.accepted(payer, PlaceHold(payee, "EUR", 5_00, 3_600))
    letter = ledger.put(UNKNOWN_SCHEMA + b"console?", key=b"w-dead", partition=3)
    ledger.decision_on(3, letter)
    ledger.quiesce()
    return payer, payee, paid, hold, letter


def test_decisions_holds_and_dead_letters_are_shown(console, done):
    payer, _, paid, hold, letter = done
    assert console.seen("decisions", "decisions", command=paid, wallet=payer)["partition"] == 2
    console.seen("wallets", "wallets", wallet=payer)
    assert console.seen("holds", "holds", hold=hold)["reserved"] == "5.00 EUR"
    source = f"wallet.commands.v1[3] offset {letter}"
    assert console.seen("letters", "letters", source=source)["done"] == ""


def test_a_wallet_is_shown_as_both_stores_have_it(console, done):
    payer, payee, paid, hold, _ = done
    standing = console.seen("wallet", "standing", payer, wallet=payer)
    assert (standing["status"], standing["partition"]) == ("ACTIVE", 2)
    console.seen("wallet", "wallet-holds", payer, hold=hold, status="ACTIVE")
    console.seen("wallet", "history", payer, command=paid)
    console.seen("wallet", "balances", payee, account="W.AVL", amount="12.50 EUR")
    shown = console.panels("wallet", payee)
    assert shown["beside"]["rows"] == shown["balances"]["rows"]


def test_invariants_hold_and_no_page_has_trouble(console, done):
    console.seen("invariants", "invariants", invariant="No store is ahead of the log", holds="yes")
    verdicts = {
        each["invariant"]: each["holds"] for each in console.rows("invariants", "invariants")
    }
    assert verdicts["Every partition's balances sum to zero"] == "yes"
    assert verdicts["The end of the log is readable and sealed"] == "yes"
    console.seen("invariants", "workers", job="wallet", state="running")
    for page in PAGES:
        wait_until(
            lambda page=page: not any(t["trouble"] for t in console.panels(page.name).values())
        )


def test_at_rest_every_partition_runs_and_no_store_is_behind(ledger, console, done):
    ledger.quiesce()
    console.board.sample()
    console.board.sample()

    def level():
        rows = console.rows("overview", "flow")
        return len(rows) == 8 and all(
            (row["state"], *(row[store] for store in STORES)) == ("running", 0, 0, 0)
            for row in rows
        )

    wait_until(level)
    assert all(row["per second"] is not None for row in console.rows("overview", "flow"))


def test_a_store_that_nobody_finds_is_told_in_its_place_and_the_rest_goes_on(ledger, done):
    nowhere = replace(settings_of(ledger), postgres="postgresql://ledger@127.0.0.1:1/ledger")
    with opened(nowhere) as console:
        wait_until(lambda: "postgres is away" in console.panels("holds")["holds"]["trouble"])
        wait_until(lambda: console.seen("overview", "flow", postgres="away", redis=0))
        console.seen("decisions", "decisions", command=done[2])
