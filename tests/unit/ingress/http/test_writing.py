"""Writes: from a request to a command, and from a result to an answer."""

import asyncio

import pytest

from ingress.http.problems import MEDIA_TYPE
from ingress.http.reasons import STATUS
from ingress.http.route import command_of
from ingress.http.routes import WRITES
from ingress.sdk import CaptureHold, MoveToPot, Transfer
from ingress.sdk.bodies import BODIES
from ingress.sdk.errors import QueueFullError
from ingress.sdk.fakes import result_of
from schemas.messages.journal import BalanceAfter, WouldBe
from schemas.messages.results import Result
from schemas.messages.vocabulary import Outcome, RejectionReason, Stage

TRANSFERS = "/wallets/w-1/transfers"
FIVE = {"to_wallet_id": "w-2", "currency": "EUR", "amount": "5.00"}
WAIT = {"Prefer": "wait=5"}


def problem(response, status, code):
    assert response.headers["content-type"] == MEDIA_TYPE
    document = response.json()
    assert (response.status_code, document["status"], document["code"]) == (status, status, code)
    assert document["type"] == f"urn:ledger:problem:{code}"
    return document


def test_every_command_has_one_address():
    assert sorted(route.command for route in WRITES) == sorted(BODIES)
    assert len({route.path for route in WRITES}) == len(WRITES)


def test_a_write_is_a_command_under_the_callers_id(door):
    response = door.post(TRANSFERS, FIVE)
    assert response.status_code == 202
    assert response.json() == {
        "wallet_id": "w-1",
        "command_id": "k-1",
        "state": "DELIVERED",
        "partition": 0,
        "reason": None,
        "detail": "",
        "sequence": None,
        "decided_at": None,
        "would_be": None,
    }
    assert response.headers["Location"] == "/v1/wallets/w-1/commands/k-1"
    (command,) = door.ledger.taken
    assert (command.wallet_id, command.command_id) == ("w-1", "k-1")
    assert command.body == Transfer("w-2", "EUR", 5_00)


def test_who_waits_is_told_the_decision_and_where_it_stands(door):
    response = door.post(TRANSFERS, FIVE, **WAIT)
    assert response.status_code == 200
    assert response.json()["state"] == "ACCEPTED"
    assert response.headers["Ledger-Position"] == "0:1"
    assert response.headers["Preference-Applied"] == "wait=5"
    assert len(door.waiters) == 0


def test_a_pending_answer_is_told_when_the_wait_is_over(door):
    door.ledger.says = lambda command, n: [result_of(command, n, stage=Stage.PENDING)]
    response = door.post(TRANSFERS, FIVE, Prefer="wait=0.1")
    problem(response, 400, "HEADER_MALFORMED")
    response = door.post(TRANSFERS, FIVE, Prefer="wait=1")
    assert (response.status_code, response.json()["state"]) == (202, "PENDING")


def test_a_final_answer_after_a_pending_one_is_the_answer(door):
    def both(command, n):
        return [result_of(command, n, stage=Stage.PENDING), result_of(command, n + 1)]

    door.ledger.says = both
    response = door.post(TRANSFERS, FIVE, **WAIT)
    assert (response.status_code, response.json()["sequence"]) == (200, 2)


@pytest.mark.parametrize("reason", sorted(set(RejectionReason) - {RejectionReason.NONE}))
def test_every_reason_of_the_ledger_is_a_problem(door, reason):
    door.ledger.says = lambda command, n: [result_of(command, n, reason)]
    response = door.post(TRANSFERS, FIVE, **WAIT)
    document = problem(response, STATUS[reason], reason.value)
    assert document["command"]["state"] == "REJECTED"
    assert response.headers["Ledger-Position"] == "0:1"


def test_a_repeat_is_told_the_first_answer(door):
    def repeated(command, n):
        args = command.wallet_id, command.command_id, Outcome.DUPLICATE
        return [Result(*args, None, "", Stage.FINAL, 0, n + 8, 3, 1)]

    door.ledger.says = repeated
    response = door.post(TRANSFERS, FIVE, **WAIT)
    assert response.headers["Idempotency-Replayed"] == "true"
    assert (response.json()["state"], response.json()["sequence"]) == ("ACCEPTED", 3)
    assert response.headers["Ledger-Position"] == "0:9"


def test_a_dry_run_tells_what_would_be(door):
    def would(command, n):
        after = (BalanceAfter("W.AVL", "w-1", "EUR", -7_00, 4), BalanceAfter("x", "y", "EUR", 1, 4))
        args = command.wallet_id, command.command_id, Outcome.ACCEPTED, None, "", Stage.FINAL
        return [Result(*args, 0, n, None, 1, WouldBe(Stage.FINAL, (), after))]

    door.ledger.says = would
    response = door.post(TRANSFERS, {**FIVE, "dry_run": True}, **WAIT)
    assert door.ledger.taken[0].dry_run
    (told,) = response.json()["would_be"]
    assert (told["account"], told["amount"], told["minor"]) == ("W.AVL", "7.00", 7_00)


def test_the_path_says_fields_of_the_command(door):
    capture = {"amount": "1.00", "currency": "EUR"}
    door.post("/wallets/w-1/holds/h-1/capture", capture)
    door.post("/wallets/w-1/pots/3/deposits", {"amount": "1.00", "currency": "EUR"})
    assert [each.body for each in door.ledger.taken] == [
        CaptureHold("h-1", 1_00),
        MoveToPot(3, "EUR", 1_00),
    ]
    response = door.post("/wallets/w-1/holds/h-1/capture", {**capture, "hold_id": "h-2"})
    assert problem(response, 422, "FIELD_REFUSED")["field"] == "hold_id"
    response = door.post("/wallets/w-1/pots/x/deposits", {"amount": "1.00", "currency": "EUR"})
    assert problem(response, 422, "FIELD_REFUSED")["field"] == "pot"


def test_a_write_without_a_key_is_refused(door):
    missing = door.post(TRANSFERS, FIVE, Idempotency_Key=None)
    assert problem(missing, 400, "IDEMPOTENCY_KEY_MISSING")["header"] == "Idempotency-Key"
    problem(door.post(TRANSFERS, FIVE, Idempotency_Key="a b"), 400, "HEADER_MALFORMED")
    assert door.ledger.taken == []


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({**FIVE, "amount": 5.0}, "amount"),
        ({**FIVE, "amount": "5.001"}, "amount"),
        ({**FIVE, "amount": "0"}, "amount"),
        ({**FIVE, "currency": "EUX"}, "currency"),
        ({**FIVE, "to_wallet_id": ""}, "to_wallet_id"),
        ({**FIVE, "colour": "red"}, "colour"),
        ({**FIVE, "wallet_id": "w-9"}, "wallet_id"),
        ({**FIVE, "conditions": [{"sequence": -1}]}, "conditions[0].sequence"),
        ({"to_wallet_id": "w-2"}, "currency"),
        ({}, "to_wallet_id"),
    ],
)
def test_a_bad_field_is_named(door, body, field):
    assert problem(door.post(TRANSFERS, body), 422, "FIELD_REFUSED")["field"] == field
    assert door.ledger.taken == []


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"{", "BODY_MALFORMED"),
        (b"[]", "BODY_MALFORMED"),
        (b"[" * 30_000, "BODY_MALFORMED"),
        (b"\xff", "BODY_MALFORMED"),
        (b'{"amount":"1","amount":"2"}', "FIELD_REFUSED"),
        (b'{"issued_at":NaN}', "FIELD_REFUSED"),
        (b" " * 70_000, "BODY_TOO_LARGE"),
    ],
)
def test_a_bad_body_is_refused(door, raw, code):
    headers = {"Idempotency-Key": "k-1"}
    response = door.run(door.client.post(f"/v1{TRANSFERS}", content=raw, headers=headers))
    assert (response.status_code // 100, response.json()["code"]) == (4, code)
    assert door.ledger.taken == []


def test_two_requests_with_one_key_at_once_are_not_both_answered(door):
    door.ledger.says = lambda _command, _n: []  # no answer yet
    first, second = door.together(
        door.request(TRANSFERS, FIVE, Prefer="wait=1"), door.request(TRANSFERS, FIVE, **WAIT)
    )
    assert first.status_code == 202
    problem(second, 409, "IN_FLIGHT")
    assert second.headers["Retry-After"] == "1"
    assert len(door.ledger.taken) == 1


def test_a_full_queue_and_a_lost_delivery_ask_for_a_repeat(door):
    door.ledger.full = QueueFullError(7, 0.0)
    busy = door.post(TRANSFERS, FIVE)
    problem(busy, 503, "BUSY")
    assert busy.headers["Retry-After"] == "1"
    door.ledger.full, door.ledger.lost = None, True
    problem(door.post(TRANSFERS, FIVE), 503, "NOT_DELIVERED")
    door.ledger.lost = False
    assert door.post(TRANSFERS, FIVE).status_code == 202


def test_a_failure_of_ours_is_said_and_not_explained(door):
    door.ledger.says = lambda _command, _n: 1 / 0
    response = door.post(TRANSFERS, FIVE)
    assert "ZeroDivision" not in response.text
    problem(response, 500, "INTERNAL")


def test_every_answer_has_the_headers_of_a_careful_server(door):
    for response in (door.post(TRANSFERS, FIVE), door.get("/nowhere"), door.get("/wallets/w-1")):
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["Cache-Control"] == "no-store"


def test_unknown_addresses_and_methods_are_problems(door):
    problem(door.get("/nowhere"), 404, "NOT_FOUND")
    response = door.run(door.client.put(f"/v1{TRANSFERS}"))
    assert "allow" in response.headers
    problem(response, 405, "METHOD_NOT_ALLOWED")


def test_health_says_what_is_missing(door):
    ask = [door.client.get("/healthz"), door.client.get("/readyz")]
    assert [each.status_code for each in door.together(*ask)] == [200, 200]
    door.missing = "results are not read"
    ready = door.run(door.client.get("/readyz"))
    assert (ready.status_code, ready.json()) == (503, {"status": "results are not read"})


def test_a_result_told_from_another_thread_reaches_its_request(door):
    async def told_later():
        taken = asyncio.Event()
        door.ledger.says = lambda _command, _n: taken.set() or []
        request = asyncio.ensure_future(door.request(TRANSFERS, FIVE, **WAIT))
        await taken.wait()
        assert door.waiters.wanted(b"w-1")
        (command,) = door.ledger.taken
        await asyncio.to_thread(door.waiters.told, result_of(command, 7))
        return await request

    assert door.run(told_later()).json()["sequence"] == 7
    assert not door.waiters.wanted(b"w-1")


def test_the_body_may_not_say_what_path_and_headers_say():
    with pytest.raises(ValueError, match=r"command_id: is not of the body"):
        command_of("VoidHold", "k", {"wallet_id": "w", "hold_id": "h"}, {"command_id": "x"})
