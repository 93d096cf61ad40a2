"""Provoking: for each problem that is the door's own, a request that is answered with it.

Owns: one way to each of them. The ledger's own reasons are told by a ledger in memory.
Never: judges the answer; `test_every_problem.py` does.
"""

from limits import parse

from ingress.http import stores
from ingress.http.bounds import BODY_MAX, HEADERS_MAX, TARGET_MAX
from ingress.http.eyes import DoorEyes
from ingress.http.guard.pace import Pace, Rates
from ingress.http.guard.public_keys import PublicKeys
from ingress.http.keys import Keys
from ingress.sdk.errors import QueueFullError
from tests.unit.ingress.http import issuer
from tests.unit.ingress.http.issuer import NOW, OTHER, bearer, provider
from tests.unit.ingress.http.test_tokens import BAD

TRANSFERS = "/wallets/w-1/transfers"
WALLET = "/wallets/w-1"
FIVE = {"to_wallet_id": "w-2", "currency": "EUR", "amount": "5.00"}


def raw(place, content, **headers):
    given = {"Idempotency-Key": "k-1", **headers}
    return place.door.run(place.door.client.post(f"/v1{TRANSFERS}", content=content, headers=given))


def with_token(place, header):
    return place.new_door(Keys(), provider(taken={"root"})).get(WALLET, Authorization=header)


def bad_token(name):
    return lambda place: with_token(place, f"Bearer {BAD[name][0]()}")


def away_provider(place):
    def nobody():
        raise ConnectionRefusedError("nobody there")

    door = place.new_door(Keys(), provider(keys=PublicKeys(nobody)))
    return door.get(WALLET, Authorization=bearer())


def paced(place):
    pace = Pace(Rates(address=parse("1/hour")), DoorEyes())
    door = place.new_door(pace=pace)
    door.get(WALLET)
    return door.get(WALLET)


def twice_at_once(place):
    place.door.ledger.says = lambda _command, _n: []
    door = place.door
    requests = [door.request(TRANSFERS, FIVE, Prefer="wait=1") for _ in range(2)]
    return door.together(*requests)[1]


def ended_session(place):
    token = place.office.session()
    place.office.now += 86_400
    return place.office.look(token)


def behind(place):
    place.monkeypatch.setattr(stores, "CATCH_UP_S", 0.0)
    return place.door.get(f"{WALLET}/balances", Ledger_At_Least="0:9")


def full(place):
    place.door.ledger.full = QueueFullError(7, 0.0)
    return place.door.post(TRANSFERS, FIVE)


def lost(place):
    place.door.ledger.lost = True
    return place.door.post(TRANSFERS, FIVE)


def a_bug(place):
    place.door.ledger.says = lambda _command, _n: 1 / 0
    return place.door.post(TRANSFERS, FIVE)


def away(place):
    place.door.journal.away = True
    return place.door.get(WALLET)


DOORS_OWN = {
    "IDEMPOTENCY_KEY_MISSING": lambda p: p.door.post(TRANSFERS, FIVE, Idempotency_Key=None),
    "HEADER_MALFORMED": lambda p: p.door.post(TRANSFERS, FIVE, Prefer="wait=soon"),
    "BODY_MALFORMED": lambda p: raw(p, b"{"),
    "UNAUTHENTICATED": lambda p: with_token(p, "Bearer x"),
    "TOKEN_MALFORMED": bad_token("no base64"),
    "TOKEN_ALGORITHM": bad_token("no algorithm"),
    "TOKEN_KEY_UNKNOWN": bad_token("unknown key"),
    "TOKEN_SIGNATURE": lambda p: with_token(p, bearer(key=OTHER)),
    "TOKEN_ISSUER": bad_token("wrong issuer"),
    "TOKEN_AUDIENCE": bad_token("wrong audience"),
    "TOKEN_EXPIRED": lambda p: with_token(p, bearer({"exp": NOW - issuer.TERMS.leeway_s})),
    "TOKEN_NOT_YET": bad_token("not yet"),
    "TOKEN_SUBJECT": bad_token("an API key's name"),
    "TOKEN_ROLE": bad_token("no role"),
    "OPERATOR_STEP_UP_REQUIRED": lambda p: p.office.freeze(),
    "ONE_TIME_CODE_REFUSED": lambda p: p.office.freeze(code="000000"),
    "SESSION_OVER": ended_session,
    "FORBIDDEN": lambda p: p.office.freeze("app"),
    "NOT_FOUND": lambda p: p.door.get("/nowhere"),
    "METHOD_NOT_ALLOWED": lambda p: p.door.run(p.door.client.put(f"/v1{TRANSFERS}")),
    "IN_FLIGHT": twice_at_once,
    "BODY_TOO_LARGE": lambda p: raw(p, b" " * (BODY_MAX + 1)),
    "TARGET_TOO_LONG": lambda p: p.door.get(f"/wallets/{'w' * TARGET_MAX}"),
    "FIELD_REFUSED": lambda p: p.door.post(TRANSFERS, {**FIVE, "amount": "-5"}),
    "PARAMETER_REFUSED": lambda p: p.door.get(f"{WALLET}/entries?limit=0"),
    "RATE_LIMITED": paced,
    "HEADERS_TOO_LARGE": lambda p: p.door.get(WALLET, X="x" * HEADERS_MAX),
    "INTERNAL": a_bug,
    "BUSY": full,
    "NOT_DELIVERED": lost,
    "PROVIDER_AWAY": away_provider,
    "STORE_AWAY": away,
    "BEHIND": behind,
}
