"""Operators: a second factor for what is dangerous, and sessions that end."""

import pytest

from ingress.http.guard import slips as noting
from ingress.http.guard.codes import FRESH_S
from ingress.http.guard.pace import CODES
from ingress.http.guard.sessions import IDLE_S, LASTS_S
from ingress.http.guard.slips import OwnSlips
from ingress.http.problems import Problem
from ingress.http.roles import DANGEROUS
from ingress.http.routes import WRITES
from tests.unit.ingress.http import issuer
from tests.unit.ingress.http.office import CARL, STEP_S, refused


def test_what_is_dangerous_needs_a_code(office):
    assert refused(office.freeze(), "OPERATOR_STEP_UP_REQUIRED")
    assert office.door.ledger.taken == []
    assert office.freeze(code=office.code()).status_code == 202
    assert len(office.door.ledger.taken) == 1


@pytest.mark.parametrize("command", sorted(DANGEROUS))
def test_every_dangerous_address_asks(office, command):
    route = next(route for route in WRITES if route.command == command)
    path = route.path.replace("{", "").replace("}", "")
    header = f"Bearer {office.made['anna'][0]}"
    assert refused(office.door.post(path, {}, Authorization=header), "OPERATOR_STEP_UP_REQUIRED")
    assert [record["what"] for record in office.records()] == [f"{command} by POST /v1{path}"]


def test_who_has_no_codes_does_nothing_dangerous(office):
    for code in (None, "123456"):
        assert refused(office.freeze("bert", code), "OPERATOR_STEP_UP_REQUIRED")
    assert refused(office.freeze("app", office.code("app")), "FORBIDDEN", 403)


def test_a_code_is_good_once_at_all_doors_and_a_step_around(office):
    other = office.open()
    code = office.code()
    assert office.freeze(code=code).status_code == 202
    assert refused(office.freeze(code=code), "ONE_TIME_CODE_REFUSED")
    assert refused(office.freeze(code=code, door=other), "ONE_TIME_CODE_REFUSED")
    assert office.freeze(code=office.code(steps=-1)).status_code == 202
    assert office.freeze(code=office.code(steps=1), door=other).status_code == 202
    assert refused(office.freeze(code=office.code(steps=-2)), "ONE_TIME_CODE_REFUSED")
    assert refused(office.freeze(code=office.code(steps=2)), "ONE_TIME_CODE_REFUSED")


def test_a_used_code_stays_used_until_it_is_over(office):
    code = office.code(steps=1)
    assert office.freeze(code=code).status_code == 202
    for _ in range(4):
        office.now += STEP_S
        assert refused(office.freeze(code=code), "ONE_TIME_CODE_REFUSED")


@pytest.mark.parametrize("code", ["", "12345", "1234567", "abcdef", "12 456", "\uff11" * 6])
def test_a_code_that_is_none_is_refused(office, code, runner):
    with pytest.raises(Problem) as problem:
        runner.run(office.door.guard.desk._codes.prove("anna", code))
    assert problem.value.code == "ONE_TIME_CODE_REFUSED"


def test_codes_cannot_be_guessed(office):
    good = office.code()
    wrong = f"{(int(good) + 1) % 1_000_000:06}"
    for _ in range(CODES.amount):
        assert refused(office.freeze(code=wrong), "ONE_TIME_CODE_REFUSED")
    late = office.freeze(code=good)
    assert refused(late, "RATE_LIMITED", 429)
    assert late.json()["of"] == "code"


def test_a_session_is_given_for_a_key_and_a_code_only(office):
    assert refused(office.sign_in(), "OPERATOR_STEP_UP_REQUIRED")
    assert refused(office.sign_in(code="000000"), "ONE_TIME_CODE_REFUSED")
    assert refused(office.sign_in("bert", "000000"), "OPERATOR_STEP_UP_REQUIRED")
    assert refused(office.sign_in("app", office.code("app")), "FORBIDDEN", 403)
    assert refused(office.sign_in(issuer.token(CARL), office.code()), "FORBIDDEN", 403)
    token = office.session()
    office.now += STEP_S
    # Else a session would make the next one, for ever.
    assert refused(office.sign_in(token, office.code()), "FORBIDDEN", 403)
    assert office.look(token).status_code == 404


def test_a_session_is_fresh_for_a_while_and_by_a_code_again(office):
    token = office.session()
    office.now += FRESH_S - 1
    assert office.freeze(token).status_code == 202
    office.now += 1
    assert refused(office.freeze(token), "OPERATOR_STEP_UP_REQUIRED")
    assert office.freeze(token, office.code()).status_code == 202
    office.now += FRESH_S - 1
    assert office.freeze(token).status_code == 202
    assert {each["who"] for each in office.records()} == {"anna"}


def test_a_session_ends_when_idle_and_in_any_case(office):
    token = office.session()
    office.now += IDLE_S - 1
    assert office.look(token).status_code == 404
    office.now += IDLE_S
    assert refused(office.look(token), "SESSION_OVER")
    token, ends = office.session(), office.now + LASTS_S
    while office.now < ends - IDLE_S / 2:
        assert office.look(token).status_code == 404
        office.now += IDLE_S / 2
    assert office.look(token).status_code == 404
    office.now = ends
    assert refused(office.look(token), "SESSION_OVER")


def test_a_session_ends_by_hand_and_with_its_key(office):
    first = office.session()
    headers = {"Authorization": f"Bearer {first}"}
    assert office.door.run(office.door.client.delete("/v1/sessions", headers=headers)).is_success
    assert refused(office.look(first), "SESSION_OVER")
    assert refused(office.look("ledger-session_guess"), "SESSION_OVER")
    office.now += STEP_S
    second = office.session()
    assert not [name for name in office.slips._notes if second in name]
    office.made["anna"] = (office.made["bert"][0], {**office.made["bert"][1], "id": "anna"})
    office.door = office.open()
    assert refused(office.look(second), "SESSION_OVER")
    del office.made["anna"]
    office.door = office.open()
    assert refused(office.look(second), "SESSION_OVER")


def test_a_freeze_does_not_wait_for_a_store_that_is_away(office, caplog):
    token = office.session()
    office.slips.away = True
    office.now += STEP_S
    code = office.code()
    assert office.freeze(code=code).status_code == 202
    assert "by this door alone" in caplog.text
    assert refused(office.freeze(code=code), "ONE_TIME_CODE_REFUSED")
    assert refused(office.look(token), "STORE_AWAY", 503)
    office.now += STEP_S
    assert refused(office.sign_in(code=office.code()), "STORE_AWAY", 503)


def test_a_token_with_a_second_factor_is_enough_for_a_while(office):
    strong = {**CARL, "acr": "mfa", "auth_time": issuer.NOW, "exp": issuer.NOW + 9_999}
    assert office.freeze(issuer.token(strong)).status_code == 202
    office.now += FRESH_S
    assert refused(office.freeze(issuer.token(strong)), "OPERATOR_STEP_UP_REQUIRED")
    weak = {**strong, "acr": "password", "auth_time": int(office.now)}
    assert refused(office.freeze(issuer.token(weak)), "OPERATOR_STEP_UP_REQUIRED")
    # The code of a key is not that of a token.
    assert refused(office.freeze(issuer.token(weak), office.code()), "OPERATOR_STEP_UP_REQUIRED")


def test_notes_have_a_bound_and_ended_ones_make_room(runner, monkeypatch):
    monkeypatch.setattr(noting, "SLIPS_MAX", 2)
    now = [0.0]
    notes = OwnSlips(lambda: now[0])

    async def play():
        assert await notes.make("a", "1", 10)
        assert not await notes.make("a", "2", 10)
        assert await notes.make("b", "1", 20)
        with pytest.raises(Problem):
            await notes.make("c", "1", 10)
        now[0] = 10.0
        assert await notes.read("a") is None
        assert not await notes.change("a", "2", 10)
        assert await notes.make("c", "1", 10)
        assert await notes.change("c", "2", 10)
        assert await notes.read("c") == "2"

    runner.run(play())
