"""`recon cuts` and `recon breaks`: events become rows, and a repeat changes none of them."""

from contextlib import contextmanager

import pytest

from ops.cli import main
from ops.recon import breaks as breaks_module
from ops.recon import cuts as cuts_module
from ops.recon.breaks import break_rows
from ops.recon.cuts import cut_document, cut_row, unchained
from ops.recon.found import Found, found_in
from schemas.messages.recon import (
    BreakClosed,
    BreakOpened,
    ClassSum,
    CutMoney,
    CutProved,
    CutReached,
    ExceptionMoved,
    ExceptionOpened,
    ReconEvent,
    RepairBegun,
    RepairEnded,
    RepairOrdered,
)
from schemas.messages.vocabulary import ReconAction, ReconCheck, ReconSeverity, Store

NOON = 1_764_417_600_000_000


def reached(k, partition, chain=b"c" * 32):
    body = CutReached(k, "2026-11-29", partition, 8, 9, chain)
    return ReconEvent(f"cut-{k}-{partition}", NOON, body)


def proved(k, *, equal=True, in_flight=7_000):
    money = (CutMoney("EUR", 0, -in_flight, in_flight, 9_000), CutMoney("USD", 0, 0, 0, 0))
    sums = (ClassSum("IB", "EUR", -in_flight), ClassSum("W.AVL", "EUR", in_flight))
    body = CutProved(k, "2026-11-29", 2, equal, money, 3, 2, 1, sums)
    return ReconEvent(f"cut-{k}-proved", NOON, body)


def opened(name="RI07-0-a"):
    about = ReconCheck.RI07, ReconSeverity.CRITICAL, ReconAction.CRITICAL
    body = BreakOpened(name, *about, 0, "a EUR", 5, "detail")
    return ReconEvent(f"{name}-opened", NOON, body)


def closed(name="RI07-0-a"):
    return ReconEvent(f"{name}-closed", NOON + 1_000_000, BreakClosed(name, "equal again"))


def test_a_cut_that_all_have_taken_shows_its_proof():
    found = found_in([reached(4, 0), reached(4, 1), proved(4), reached(4, 1), proved(4)])
    (cut,) = found.cuts.values()
    assert cut_row(cut, 2) == {
        "cut": 4,
        "label": "2026-11-29",
        "taken": "2/2",
        "equal": "yes",
        "in flight": "70.00 EUR",
        "IB accounts": "-70.00 EUR",
        "open": 3,
        "legs behind/ahead": "2/1",
    }
    document = cut_document(cut, 2)
    assert document["proof"]["money"][0]["in_flight"] == "7000"
    assert document["proof"]["trial_balance"][1] == {
        "account": "W.AVL",
        "currency": "EUR",
        "minor": "7000",
    }
    assert document["reached"][1]["chain"] == "63" * 32


def test_a_cut_under_way_has_no_proof_yet():
    (cut,) = found_in([reached(4, 1)]).cuts.values()
    row = cut_row(cut, 2)
    assert (row["taken"], row["equal"], row["in flight"]) == ("1/2", None, None)
    assert cut_document(cut, 2)["proof"] is None


def test_nothing_in_flight_is_said_so():
    (cut,) = found_in([proved(4, in_flight=0)]).cuts.values()
    assert (cut_row(cut, 2)["in flight"], cut_row(cut, 2)["IB accounts"]) == ("0", "0")


def test_a_chain_head_that_the_log_does_not_have():
    (cut,) = found_in([reached(4, 0), reached(4, 1)]).cuts.values()
    headers = {0: b"c" * 32, 1: None}
    (line,) = unchained([cut], lambda each: headers[each.partition])
    assert line.startswith("cut 4: partition 1, sequence 8: the log says another chain head")


def test_breaks_are_open_until_they_are_closed():
    found = found_in([opened(), opened(), closed(), opened("RI07-0-b")])
    open_ones = break_rows(found, NOON, also_closed=False)
    assert [(each["id"], each["closed"]) for each in open_ones] == [("RI07-0-b", None)]
    rows = break_rows(found, NOON, also_closed=True)
    assert [each["closed"] for each in rows] == ["2025-11-29T12:00:01.000+00:00", None]
    assert rows[0]["since"] == "2025-11-29T12:00:00.000+00:00"


def test_a_row_says_who_has_it_and_until_when():
    found = found_in([opened(), opened("RI06-1-c")])
    rows = break_rows(found, NOON + 2 * 86_400_000_000, also_closed=False)
    assert [(each["who"], each["age"]) for each in rows] == [("ledger", "2-3")] * 2
    assert [each["due"] for each in rows] == ["2025-11-29 OVERDUE"] * 2


def test_an_event_of_another_kind_is_no_break():
    """Every event that is not one of the others was once taken for an opened break."""
    moved = ExceptionMoved("RI07-0-a", 1, "ASSIGN", "ann", "ann", "", "", "", "", None)
    outside = ExceptionOpened("case-1", "OVER", "DE1", "EUR", 5_00, "line 4", "much", "system")
    said = [
        (opened(), 1),
        (ReconEvent("e-1", NOON, moved), 1),
        (ReconEvent("e-2", NOON, outside), 2),
    ]
    found = Found()
    for event, partition in said:
        found.take(event, partition)
    assert list(found.breaks) == ["RI07-0-a"]
    assert list(found.cases.by_id) == ["RI07-0-a", "case-1"]
    assert found.homes == {"RI07-0-a": 1, "case-1": 2}
    assert found.cases.by_id["RI07-0-a"].assignee == "ann"
    rows = break_rows(found, NOON, also_closed=False)
    assert [(each["check"], each["at stake"], each["who"]) for each in rows] == [
        ("RI07", None, "ann"),
        ("OVER", "5.00 EUR", "treasury"),
    ]


def test_what_was_closed_and_never_opened_is_nothing():
    found = found_in([closed()])
    assert (found.breaks, found.cases.by_id) == ({}, {})


def repairing(body, step):
    return ReconEvent(f"{body.break_id}-{step}", NOON, body)


def test_a_break_of_a_store_shows_how_far_its_repair_is():
    name, before, after = "RI07-0-a", b"\x0a" * 32, b"\x0b" * 32
    events = [
        opened(),
        repairing(RepairOrdered(name, 1, Store.REDIS, "wallet:a", 9, 0, b"", ()), "ordered"),
        repairing(RepairBegun(name, 1, before), "begun"),
        repairing(RepairEnded(name, 1, before, after, 2, "a was altered", 0), "ended"),
        repairing(RepairBegun("nobody", 1, before), "begun"),
    ]
    shown = []
    for count in range(1, len(events) + 1):
        (row,) = break_rows(found_in(events[:count]), NOON, also_closed=False)
        shown.append(row["repair"])
    done = "1 done, 0a0a0a0a -> 0b0b0b0b, 2 rows: a was altered"
    assert shown == [None, "1 ordered", "1 begun at 0a0a0a0a", done, done]


@contextmanager
def told(monkeypatch, *events):
    monkeypatch.setenv("LEDGER_KAFKA", "nowhere:1")
    found = found_in(events), 2
    for module in (breaks_module, cuts_module):
        monkeypatch.setattr(module, "read_found", lambda _address: found)
    yield


@pytest.mark.parametrize(
    ("verb", "events", "code", "said"),
    [
        ("breaks", (), 0, "no break"),
        ("breaks", (opened(),), 1, "RI07-0-a"),
        ("breaks", (opened(), closed()), 0, "no break"),
        ("cuts", (), 0, "no cut"),
        ("cuts", (reached(4, 0),), 0, "1/2"),
        ("cuts", (reached(4, 0), proved(4)), 0, "70.00 EUR"),
        ("cuts", (reached(4, 0), proved(4, equal=False)), 1, "NO"),
    ],
)
def test_the_exit_code_says_whether_something_differs(
    monkeypatch, capsys, verb, events, code, said
):
    with told(monkeypatch, *events):
        assert main(["recon", verb]) == code
    assert said in capsys.readouterr().out


def test_verifying_compares_what_the_log_says(monkeypatch, capsys):
    ended = []

    @contextmanager
    def chain_reader(_address):
        yield lambda _each: None
        ended.append(1)

    monkeypatch.setattr(cuts_module, "chain_reader", chain_reader)
    with told(monkeypatch, reached(4, 0)):
        assert main(["recon", "cuts", "--verify", "--json"]) == 1
    assert '"unchained": [' in capsys.readouterr().out
    assert ended == [1]
