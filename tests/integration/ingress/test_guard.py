"""What all doors know together, in the real store: rates, used codes, sessions; and without it."""

import asyncio
import json
import time
import uuid

import pyotp
import pytest
from limits import parse

from ingress.http.eyes import DoorEyes
from ingress.http.guard.desk import Desk
from ingress.http.guard.pace import Pace, Rates
from ingress.http.guard.shared import Shared
from ingress.http.keys import new_key, read_keys
from ingress.http.problems import Problem
from ingress.http.roles import Role

NOBODY = "redis://127.0.0.1:1/0"


@pytest.fixture
def keys(tmp_path):
    """One operator with codes, of a name nobody had before."""
    name, secret = f"op-{uuid.uuid4().hex}", pyotp.random_base32()
    path = tmp_path / "keys.json"
    path.touch(mode=0o600)
    path.write_text(
        json.dumps({"keys": [{**new_key(name, Role.OPERATOR)[1], "totp_secret": secret}]})
    )
    return read_keys(path), name, pyotp.TOTP(secret)


def pace_at(shared):
    return Pace(Rates(caller=parse("3/hour")), DoorEyes(), shared.counters)


async def outcome(coroutine):
    try:
        await coroutine
    except Problem as problem:
        return problem.code
    return "taken"


def test_doors_count_and_remember_together(ledger_stack, keys):
    url = ledger_stack.endpoints.redis
    read, name, totp = keys

    async def play():
        shared = [Shared(url) for _ in range(2)]
        first, second = map(pace_at, shared)
        told = [await outcome(each.caller(name)) for each in (first, second, first, second)]
        assert told == ["taken", "taken", "taken", "RATE_LIMITED"]
        assert not first.eyes.alone
        desks = [
            Desk(read, pace, each.slips) for pace, each in zip((first, second), shared, strict=True)
        ]
        caller = read.named(name)
        code = totp.at(time.time())
        at_once = await asyncio.gather(
            *(outcome(desk.step_up(caller, code, None)) for desk in desks)
        )
        assert sorted(at_once) == ["ONE_TIME_CODE_REFUSED", "taken"]
        token, _ = await desks[0].open(caller, totp.at(time.time(), counter_offset=1))
        assert (await desks[1].sessions.caller(token)).key_id == name
        await desks[1].sessions.end(token)
        assert await outcome(desks[0].sessions.caller(token)) == "SESSION_OVER"
        for each in shared:
            await each.close()

    asyncio.run(play())


def test_a_store_nobody_serves_refuses_no_request_and_no_code(keys):
    read, name, totp = keys

    async def play():
        shared = Shared(NOBODY)
        pace = pace_at(shared)
        told = [await outcome(pace.caller(name)) for _ in range(4)]
        assert told == ["taken", "taken", "taken", "RATE_LIMITED"]
        assert pace.eyes.alone
        desk, caller = Desk(read, pace, shared.slips), read.named(name)
        code = totp.at(time.time())
        assert await outcome(desk.step_up(caller, code, None)) == "taken"
        assert await outcome(desk.step_up(caller, code, None)) == "ONE_TIME_CODE_REFUSED"
        assert await outcome(desk.sessions.caller("ledger-session_x")) == "STORE_AWAY"

    asyncio.run(play())
