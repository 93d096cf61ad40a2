"""Each panel: what it shows, and what it says when whom it asks is away."""

import pytest

from ops.web.panels import PAGES, PANELS
from ops.web.source import WalletSeen
from schemas.messages.recon import ReconEvent
from sinks.answers import Answer, Balance, Hold, OpenHold, Wallet
from sinks.batch import Position
from tests.unit.ops.ledger_day import ALICE, BOB, CARL, day
from tests.unit.ops.recon.test_found import opened, proved, reached
from tests.unit.ops.web.conftest import placed_of

NOON = 1_764_417_600_000_000
LETTER = {
    "reason": "UNREADABLE",
    "source": "wallet.commands.v1[0] offset 7",
    "appended": "2026-11-29T12:00:00.000+00:00",
    "key": "b'k'",
    "bytes": 9,
    "begins": "00",
    "detail": "",
    "decision": "0/3",
    "letter": "0/1",
    "done": "",
}


def test_the_latest_decisions_come_newest_first_in_the_words_of_log_tail(busy):
    rows = busy.rows("decisions", "decisions")
    assert [row["decided"] for row in rows] == sorted((r["decided"] for r in rows), reverse=True)
    (far,) = [row for row in rows if row["command"] == "far"]
    assert (far["input"], far["outcome"]) == ("Transfer 0.40 EUR", "ACCEPTED PENDING")
    assert any("UNREADABLE" in row["outcome"] for row in rows)
    text = busy.page("/decisions")
    assert f'<a id="decisions-1-4" href="/wallet?id={rows[0]["wallet"]}">' in text or "-" in text


def test_wallets_that_moved_lead_to_their_page(busy):
    assert {row["wallet"] for row in busy.rows("wallets", "wallets")} == {ALICE, BOB, CARL}
    assert f'href="/wallet?id={ALICE}"' in busy.page("/wallets")


def test_a_transfer_is_on_its_way_until_its_partition_has_the_answer(console):
    console.source.decided(placed_of(*day(settled=False)))
    (row,) = console.rows("transfers", "travelling")
    assert (row["from"], row["to"], row["amount"]) == (ALICE, CARL, "0.40 EUR")
    assert row["partitions"] == "0 to 1"


def test_a_transfer_that_ended_is_on_its_way_no_more(console):
    console.source.decided(placed_of(*day(settled=True)))
    found = console.panel("transfers", "travelling")
    assert (found["rows"], found["trouble"]) == ([], "")
    assert "since shortly before this console was started" in found["note"]
    assert "Nothing is on its way." in console.page("/transfers")


def test_partitions_show_speed_what_waits_and_how_far_stores_are(busy):
    here, there = day(settled=False)
    last = here.decisions[-1]
    busy.source.at["redis"] = {0: Position(1, last.sequence - 2, b"", "id")}
    busy.source.ends = {"wallet.commands.v1": {0: 12, 1: 2}}
    busy.source.states = [
        {"worker": "old", "job": "wallet", "partition": 0, "state": "gone"},
        {"worker": "w", "job": "wallet", "partition": 0, "state": "running"},
        {"worker": "f", "job": "facts", "partition": 0, "state": "halted"},
    ]
    first, second = busy.rows("overview", "flow")
    assert (first["decisions"], first["redis"], first["postgres"]) == (
        last.sequence,
        2,
        last.sequence,
    )
    assert first["waiting"] == 12 - here.positions["wallet.commands.v1"]
    assert (first["worker"], first["state"], first["cassandra"]) == ("w", "running", None)
    assert (second["decisions"], second["state"]) == (len(there.decisions), "no worker seen")


def test_a_store_that_is_away_is_told_beside_the_others(busy):
    busy.source.away.add("redis")
    found = busy.panel("overview", "flow")
    assert {row["redis"] for row in found["rows"]} == {"away"}
    assert {type(row["postgres"]) for row in found["rows"]} == {int}
    assert found["note"] == "redis is away: nobody answers about redis"


def test_a_store_that_is_ahead_of_an_older_look_at_the_log_is_level(busy):
    busy.source.at["redis"] = {0: Position(1, 1_000, b"", "id")}
    assert busy.rows("overview", "flow")[0]["redis"] == 0


def test_open_holds_are_amounts_in_their_currency_and_say_when_they_end(console):
    console.source.open_holds = [
        OpenHold("w-1", "h-1", "shop", "JPY", 1_500, NOON, 0, "under 1 day", overdue=False),
        OpenHold("w-2", "h-2", "shop", "BHD", 1_500, NOON, NOON, "under 1 day", overdue=True),
    ]
    never, late = console.rows("holds", "holds")
    assert (never["reserved"], never["expires"], never["state"]) == ("1500 JPY", None, "open")
    assert (late["reserved"], late["state"]) == ("1.500 BHD", "overdue")
    assert '<time datetime="2025-11-29T12:00:00.000+00:00">' in console.page("/holds")


def test_breaks_and_cuts_are_those_of_recon(console):
    events: list[ReconEvent] = [opened(), reached(4, 0), reached(4, 1), proved(4)]
    for each in events:
        console.source.found.take(each)
    (row,) = console.rows("breaks", "breaks")
    assert (row["id"], row["severity"], row["detail"]) == ("RI07-0-a", "CRITICAL", "detail")
    (cut,) = console.rows("transfers", "cuts")
    assert (cut["cut"], cut["equal"], cut["in flight"]) == (4, "yes", "70.00 EUR")


def test_dead_letters_come_newest_first_and_say_what_was_done(console):
    console.source.dead = [LETTER, {**LETTER, "letter": "0/2", "done": "requeued"}]
    found = console.panel("letters", "letters")
    assert [row["letter"] for row in found["rows"]] == ["0/2", "0/1"]
    assert found["note"] == "1 of 2 were neither sent again nor discarded."


def test_a_wallet_is_shown_as_each_store_has_it(console):
    balance = Balance(0, "W.AVL", "ann", "EUR", -12_50, 3)
    standing = Wallet("ann", 0, "CUSTOMER", "FULL", "ACTIVE", True, False, NOON)
    hold = Hold("ann", "h-1", "shop", "EUR", 5_00, 2_00, 1_00, "PARTIALLY_CAPTURED", 0)
    answer = Answer(
        0, 3, NOON, "COMMANDS", 7, "ann", "c-1", "REJECTED", "LIMIT_PER_TX", "", "FINAL", 0
    )
    console.source.wallets["ann"] = WalletSeen(standing, [balance], [hold], [], [answer])
    console.source.away.add("balances_beside")
    (row,) = console.rows("wallet", "standing", id="ann")
    assert (row["status"], row["blocked"]) == ("ACTIVE", "debits")
    (row,) = console.rows("wallet", "balances", id="ann")
    assert (row["account"], row["amount"]) == ("W.AVL", "12.50 EUR")
    assert console.rows("wallet", "wallet-holds", id="ann")[0]["captured"] == "2.00 EUR"
    assert console.rows("wallet", "transactions", id="ann") == []
    assert console.rows("wallet", "history", id="ann")[0]["outcome"] == "REJECTED LIMIT_PER_TX"
    assert "nobody answers" in console.panel("wallet", "beside", id="ann")["trouble"]


def test_a_wallet_that_nobody_opened_is_said_to_be_unknown(console):
    assert "PostgreSQL knows no wallet of this name." in console.page("/wallet?id=nobody")


def test_workers_that_halted_come_first(console):
    rows = [
        {"worker": "w", "job": "wallet", "partition": n, "state": state, "said": "", "trouble": ""}
        for n, state in enumerate(("running", "halted"))
    ]
    console.source.states = rows
    assert [row["partition"] for row in console.rows("invariants", "workers")] == [1, 0]


WHOM = {
    "decisions": "log",
    "wallets": "log",
    "travelling": "log",
    "flow": "log",
    "holds": "holds",
    "breaks": "recon",
    "cuts": "recon",
    "letters": "letters",
    "workers": "workers",
    "standing": "wallet",
    "balances": "wallet",
    "wallet-holds": "wallet",
    "transactions": "wallet",
    "history": "wallet",
    "beside": "balances_beside",
}


def test_every_panel_is_in_the_table_above():
    # These two ask several and tell each alone; tests/unit/ops/web/test_invariants.py has them.
    assert set(WHOM) | {"tiles", "invariants"} == set(PANELS)


@pytest.mark.parametrize(("name", "whom"), WHOM.items())
def test_a_panel_whose_server_is_away_says_so_and_the_page_is_there(busy, name, whom):
    busy.source.away.add(whom)
    text = busy.page(f"/panels/{name}?id=ann")
    assert "Not known now." in text
    assert f"is away: nobody answers about {whom}" in text


def test_with_everything_away_every_page_is_there_and_says_so(console):
    console.source.away.update(
        ("log", "inputs", "postgres", "redis", "holds", "trial_balance", "wallet"),
        ("balances_beside", "recon", "letters", "workers"),
    )
    for page in PAGES:
        text = console.page("/" if page.name == "overview" else f"/{page.name}")
        assert "ot known now" in text or "is away" in text
    assert console.page("/wallet?id=ann").count("Not known now.") == 6


def test_a_bug_in_a_question_is_told_in_its_place_too(busy):
    busy.source.dead = [{"letter": "no other field"}]
    found = busy.panel("letters", "letters")
    assert found["trouble"] == "this panel failed: KeyError: 'done'"
    assert busy.rows("decisions", "decisions") != []
