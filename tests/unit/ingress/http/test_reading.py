"""Reads: which store answers, how far it must be, and what happens when it is away."""

import pytest

from ingress.http import reading, stores
from ingress.http.reading import Books, LastKnown
from sinks.cassandra.reads import HistoryLine
from sinks.postgres.reads import (
    Answer,
    Balance,
    Entry,
    Hold,
    Line,
    Transaction,
    TransactionStep,
    Wallet,
)

BALANCES = (Balance(0, "W.AVL", "w-1", "EUR", -12_50, 3), Balance(0, "W.AVL", "w-1", "XXX", -1, 3))


def answer(sequence, outcome="ACCEPTED", reason="", stage="FINAL", command_id="k-1"):
    args = (0, sequence, 9, "COMMANDS", 0, "w-1", command_id, outcome, reason, "", stage, 0)
    return Answer(*args)


def test_balances_are_what_a_wallet_is_owed(door):
    door.redis.found["w-1"] = BALANCES
    response = door.get("/wallets/w-1/balances")
    assert response.headers["Ledger-Source"] == "redis"
    first, second = response.json()
    assert (first["amount"], first["minor"]) == ("12.50", 12_50)
    assert second["amount"] == "1", "a currency nobody knows has no digits"


def test_balances_are_read_elsewhere_when_their_store_is_away(door):
    door.redis.away, door.journal.found["w-1"] = True, BALANCES[:1]
    response = door.get("/wallets/w-1/balances")
    assert response.headers["Ledger-Source"] == "postgres"
    assert response.json()[0]["minor"] == 12_50
    door.journal.away = True
    again = door.get("/wallets/w-1/balances")
    assert (again.headers["Ledger-Source"], again.headers["Age"]) == ("memory", "0")
    assert again.json() == response.json()
    asked = door.get("/wallets/w-1/balances", Ledger_At_Least="0:1")
    assert (asked.status_code, asked.json()["code"]) == (503, "STORE_AWAY")
    assert door.get("/wallets/w-2/balances").json()["code"] == "STORE_AWAY"


def test_a_read_waits_for_the_position_it_asks_for(door, monkeypatch):
    monkeypatch.setattr(stores, "CATCH_UP_S", 0.05)
    door.redis.found["w-1"], door.redis.sequence = BALANCES, 3
    level = door.get("/wallets/w-1/balances", Ledger_At_Least="0:3")
    assert level.headers["Ledger-Position"] == "0:3"
    behind = door.get("/wallets/w-1/balances", Ledger_At_Least="0:5")
    assert behind.status_code == 503
    assert behind.headers["Retry-After"] == "1"
    document = behind.json()
    assert (document["code"], document["behind"], document["source"]) == ("BEHIND", 2, "redis")
    assert door.get("/wallets/w-1/balances", Ledger_At_Least="7:1").json()["behind"] == 1


def test_a_store_that_catches_up_meanwhile_answers(door):
    door.redis.found["w-1"], door.redis.sequence = BALANCES, 3
    position = door.redis.position

    def nearer(partition):
        door.redis.sequence += 1
        return position(partition)

    door.redis.position = nearer
    response = door.get("/wallets/w-1/balances", Ledger_At_Least="0:6")
    assert response.headers["Ledger-Position"] == "0:6"


@pytest.mark.parametrize("text", ["", "1", "1:", ":1", "a:1", "1:-1", "1:2:3", "1:" + "9" * 30])
def test_a_position_that_is_none_is_refused(door, text):
    response = door.get("/wallets/w-1/balances", Ledger_At_Least=text)
    assert (response.status_code, response.json()["header"]) == (400, "Ledger-At-Least")


def test_a_store_that_fails_again_and_again_is_left_alone(door):
    door.journal.away = True
    codes = {door.get("/wallets/w-1").json()["code"] for _ in range(stores.FAILURES + 3)}
    assert codes == {"STORE_AWAY"}
    assert door.journal.asked == stores.FAILURES
    assert "left alone" in door.get("/wallets/w-1").json()["detail"]


def test_what_is_refused_by_us_says_nothing_of_the_store(door, monkeypatch):
    monkeypatch.setattr(stores, "CATCH_UP_S", 0.0)
    for _ in range(stores.FAILURES + 2):
        door.get("/wallets/w-1/balances", Ledger_At_Least="0:9")
    assert door.get("/wallets/w-1/balances").headers["Ledger-Source"] == "redis"


def test_too_many_reads_are_sent_away(door, monkeypatch):
    monkeypatch.setattr(stores, "WAITING_MAX", 0)
    assert door.get("/wallets/w-1").json()["code"] == "BUSY"


def test_a_wallet_that_was_never_opened_is_not_found(door):
    assert door.get("/wallets/w-1").json()["code"] == "NOT_FOUND"
    door.journal.wallets["w-1"] = Wallet("w-1", 0, "CUSTOMER", "FULL", "ACTIVE", False, True, 5)
    found = door.get("/wallets/w-1").json()
    assert (found["status"], found["credit_blocked"], found["opened_at"]) == ("ACTIVE", True, 5)


def test_a_command_is_told_as_it_stands(door):
    assert door.get("/wallets/w-1/commands/k-1").json()["code"] == "NOT_FOUND"
    door.journal.answers.append(answer(1, stage="PENDING"))
    assert door.get("/wallets/w-1/commands/k-1").json()["state"] == "PENDING"
    door.journal.answers += [answer(2), answer(3, "DUPLICATE")]
    door.journal.answers.append(answer(4, "REJECTED", "IDEMPOTENCY_MISMATCH"))
    told = door.get("/wallets/w-1/commands/k-1")
    assert (told.json()["state"], told.headers["Ledger-Position"]) == ("ACCEPTED", "0:2")
    door.journal.answers.append(answer(5, "REJECTED", "LIMIT_WINDOW", command_id="k-2"))
    refused = door.get("/wallets/w-1/commands/k-2").json()
    assert (refused["state"], refused["reason"]) == ("REJECTED", "LIMIT_WINDOW")


def test_pages_go_on_where_the_last_one_ended(door):
    lines = (Line("W.AVL", "w-1", "EUR", -5), Line("RAIL", "card", "EUR", 5))
    door.journal.written += [Entry(0, n, 0, "F1", 9, lines) for n in (1, 2, 3)]
    first = door.get("/wallets/w-1/entries?limit=2").json()
    assert [each["sequence"] for each in first["items"]] == [3, 2]
    rest = door.get(f"/wallets/w-1/entries?limit=2&before={first['next_before']}").json()
    assert ([each["sequence"] for each in rest["items"]], rest["next_before"]) == ([1], None)
    assert sum(posting["minor"] for posting in rest["items"][0]["postings"]) == 0


def test_history_is_read_from_the_journal_when_its_store_is_away(door):
    door.history.away = True
    door.journal.answers.append(answer(1))
    response = door.get("/wallets/w-1/history")
    assert response.headers["Ledger-Source"] == "postgres"
    assert response.json()["items"][0]["flow"] is None


def test_history_says_where_the_money_went(door):
    args = ("w-1", 202611, 1, 0, 9, "k-1", "ACCEPTED", "", "", "FINAL", "F4", "w-2", "", (), ())
    door.history.lines.append(HistoryLine(*args))
    response = door.get("/wallets/w-1/history", Ledger_At_Least="0:0")
    assert response.headers["Ledger-Source"] == "cassandra"
    (line,) = response.json()["items"]
    assert (line["flow"], line["counterparty"], line["sequence"]) == ("F4", "w-2", 1)


def test_transactions_and_their_steps_are_listed(door):
    standing = (0, "w-1", "t-1", "WITHDRAWAL", "SUBMITTED", "EUR", 500, 10, 0, 0, 0, 0, 0, "", 0)
    door.journal.moved.append(Transaction(*standing, "", "", "sepa", "ref", 0, 1, 8, 2, 9))
    page = door.get("/wallets/w-1/transactions?limit=1").json()
    assert (page["items"][0]["state"], page["next_before"]) == ("SUBMITTED", 2)
    step = (0, 2, 0, "w-1", "t-1", "WITHDRAWAL", "CREATED", "SUBMITTED", "", "rail", 9)
    door.journal.gone.append(TransactionStep(*step))
    (told,) = door.get("/wallets/w-1/transactions/t-1/steps").json()
    assert (told["before"], told["state"], told["actor"]) == ("CREATED", "SUBMITTED", "rail")


def test_a_store_that_is_not_configured_is_away(door):
    door.app.state.books = Books(None, None, None, LastKnown())
    told = door.get("/wallets/w-1").json()
    assert (told["code"], told["detail"]) == (
        "STORE_AWAY",
        "postgres is not configured at this door",
    )


def test_what_was_last_known_is_of_the_wallets_read_last(monkeypatch):
    monkeypatch.setattr(reading, "KNOWN_MAX", 2)
    known = LastKnown()
    for wallet in ("a", "b", "a", "c"):
        known.keep(wallet, BALANCES)
    assert known.get("b") is None
    assert known.get("a") == known.get("c") == (0, BALANCES)


def test_holds_are_listed(door):
    door.journal.held.append(Hold("w-1", "h-1", "w-2", "EUR", 10, 4, 0, "ACTIVE", 9))
    (hold,) = door.get("/wallets/w-1/holds").json()
    assert (hold["hold_id"], hold["authorized"], hold["captured"]) == ("h-1", 10, 4)


@pytest.mark.parametrize("query", ["limit=0", "limit=501", "limit=x", "before=0", "before=-1"])
def test_a_bad_parameter_is_named(door, query):
    response = door.get(f"/wallets/w-1/entries?{query}")
    assert response.status_code == 422
    assert response.json()["field"] == query.partition("=")[0]
