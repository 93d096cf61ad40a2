"""Tokens: every bad one is refused by its own code, and a good one is somebody with one role."""

import asyncio
import base64
import hmac
import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingress.http.guard.provider import TOKEN_MAX
from ingress.http.keys import Keys, new_key, read_keys
from ingress.http.problems import Problem
from ingress.http.roles import Role
from ingress.http.routes import WRITES
from tests.unit.ingress.http.issuer import (
    AUDIENCE,
    ISSUER,
    LOOSE,
    NOW,
    OTHER,
    RSA,
    TERMS,
    bearer,
    provider,
    token,
)

LEEWAY = TERMS.leeway_s


def part(document):
    return base64.urlsafe_b64encode(json.dumps(document).encode()).rstrip(b"=").decode()


def tampered():
    head, _, signature = token().split(".")
    return f"{head}.{part({'sub': 'root'})}.{signature}"


def unsigned():
    return f"{part({'alg': 'none', 'kid': 'k-1'})}.{token().split('.')[1]}."


def by_the_public_key():
    """What a checker takes who lets a token say how it is to be checked."""
    signed = f"{part({'alg': 'HS256', 'kid': 'r-1'})}.{token().split('.')[1]}"
    mac = hmac.digest(RSA.as_pem(private=False), signed.encode(), "sha256")
    return f"{signed}.{base64.urlsafe_b64encode(mac).rstrip(b'=').decode()}"


BAD = {
    "expired": (lambda: token({"exp": NOW - LEEWAY}), "TOKEN_EXPIRED"),
    "without end": (lambda: token({"exp": None}), "TOKEN_EXPIRED"),
    "an end that is text": (lambda: token({"exp": "never"}), "TOKEN_EXPIRED"),
    "not yet": (lambda: token({"nbf": NOW + LEEWAY + 1}), "TOKEN_NOT_YET"),
    "from the future": (lambda: token({"iat": NOW + LEEWAY + 1}), "TOKEN_NOT_YET"),
    "wrong issuer": (lambda: token({"iss": f"{ISSUER}/"}), "TOKEN_ISSUER"),
    "no issuer": (lambda: token({"iss": None}), "TOKEN_ISSUER"),
    "wrong audience": (lambda: token({"aud": "shop"}), "TOKEN_AUDIENCE"),
    "no audience": (lambda: token({"aud": None}), "TOKEN_AUDIENCE"),
    "other audiences": (lambda: token({"aud": ["shop", "mail"]}), "TOKEN_AUDIENCE"),
    "no algorithm": (unsigned, "TOKEN_ALGORITHM"),
    "signed by the public key": (by_the_public_key, "TOKEN_ALGORITHM"),
    "an algorithm that is not allowed": (
        lambda: token(key=LOOSE, alg="PS256", kid="r-1"),
        "TOKEN_ALGORITHM",
    ),
    "unknown key": (lambda: token(kid="k-2"), "TOKEN_KEY_UNKNOWN"),
    "no key named": (lambda: token(kid=""), "TOKEN_KEY_UNKNOWN"),
    "another's key": (lambda: token(key=OTHER), "TOKEN_SIGNATURE"),
    "tampered": (tampered, "TOKEN_SIGNATURE"),
    "signature of nothing": (lambda: token().rpartition(".")[0] + ".", "TOKEN_SIGNATURE"),
    "no subject": (lambda: token({"sub": None}), "TOKEN_SUBJECT"),
    "a subject that is no name": (lambda: token({"sub": "a b"}), "TOKEN_SUBJECT"),
    "an API key's name": (lambda: token({"sub": "root"}), "TOKEN_SUBJECT"),
    "no role": (lambda: token({"ledger_role": None}), "TOKEN_ROLE"),
    "a role of another house": (lambda: token({"ledger_role": "admin"}), "TOKEN_ROLE"),
    "two roles": (lambda: token({"ledger_role": ["of-operator", "of-auditor"]}), "TOKEN_ROLE"),
    "scopes that are numbers": (lambda: token({"scope": [1]}), "TOKEN_MALFORMED"),
    "no base64": (lambda: "%.%.%", "TOKEN_MALFORMED"),
    "a header that is a list": (lambda: f"{part([])}.e30.e30", "TOKEN_MALFORMED"),
    "too long": (lambda: token({"x": "x" * TOKEN_MAX}), "TOKEN_MALFORMED"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_token_is_refused_by_its_own_code(new_door, name):
    make, code = BAD[name]
    door = new_door(Keys(), provider(taken={"root"}))
    for response in (
        door.get("/wallets/w-1", Authorization=f"Bearer {make()}"),
        door.post("/wallets/w-1/status", {}, Authorization=f"Bearer {make()}"),
    ):
        assert response.json()["code"] == code
        assert response.status_code == (403 if code == "TOKEN_ROLE" else 401)
        assert ("WWW-Authenticate" in response.headers) is (response.status_code == 401)
    assert door.ledger.taken == []


def test_a_good_token_is_let_in_up_to_the_leeway(new_door):
    door = new_door(Keys(), provider())
    good = [
        {},
        {"exp": NOW - LEEWAY + 1},
        {"nbf": NOW + LEEWAY},
        {"aud": ["shop", AUDIENCE]},
        {"ledger_role": ["of-operator", "staff"]},
    ]
    for claims in good:
        assert door.get("/wallets/w-1", Authorization=bearer(claims)).status_code == 404
    by_rsa = bearer(key=RSA, alg="RS256", kid="r-1")
    assert door.get("/wallets/w-1", Authorization=by_rsa).status_code == 404


def test_a_door_with_a_provider_is_not_open(new_door):
    door = new_door(Keys(), provider())
    for header in ("", "Bearer x", "Bearer app.secret", f"Basic {token()}"):
        response = door.get("/wallets/w-1", Authorization=header)
        assert (response.status_code, response.json()["code"]) == (401, "UNAUTHENTICATED")


def test_keys_and_tokens_are_let_in_side_by_side(new_door, tmp_path):
    made, entry = new_key("app", Role.AUDITOR)
    path = tmp_path / "keys.json"
    path.write_text(json.dumps({"keys": [entry]}))
    keys = read_keys(path)
    door = new_door(keys, provider(taken=keys.ids))
    for header in (f"Bearer {made}", bearer()):
        assert door.get("/wallets/w-1", Authorization=header).status_code == 404
    assert new_door(keys).get("/wallets/w-1", Authorization=bearer()).status_code == 401


def test_scopes_narrow_a_token(new_door):
    door = new_door(Keys(), provider())
    producer = {"ledger_role": "of-producer", "scope": "openid ledger:transfers"}
    body = {"to_wallet_id": "w-2", "currency": "EUR", "amount": "1"}
    header = bearer(producer)
    assert door.post("/wallets/w-1/transfers", body, Authorization=header).status_code == 202
    assert door.post("/wallets/w-1/payments", body, Authorization=header).status_code == 403
    assert door.get("/wallets/w-1", Authorization=header).status_code == 403
    wide = bearer({**producer, "scope": "openid email"})
    assert door.get("/wallets/w-1", Authorization=wide).status_code == 404


def test_who_signs_is_the_subject(new_door):
    door = new_door(Keys(), provider())
    review = next(route for route in WRITES if route.command == "ResolveReview")
    path = review.path.replace("{", "").replace("}", "")
    refused = door.post(path, {"reviewer": "bert"}, Authorization=bearer())
    assert (refused.status_code, refused.json()["field"]) == (422, "reviewer")


def test_the_role_may_be_deep_in_the_claims(runner):
    deep = replace(TERMS, role_claim=("realm_access", "roles"))
    claims = {"realm_access": {"roles": ["x", "of-auditor"]}}
    found = runner.run(provider(deep).caller(token(claims)))
    assert (found.key_id, found.role) == ("anna", Role.AUDITOR)
    for odd in ({"realm_access": ["of-auditor"]}, {"realm_access": None}, {"realm_access": 1}):
        with pytest.raises(Problem, match="0 roles"):
            runner.run(provider(deep).caller(token(odd)))


def test_a_second_factor_at_the_provider_holds_for_a_while(runner):
    def fresh_until(**claims):
        return runner.run(provider().caller(token(claims))).fresh_until

    assert fresh_until(acr="mfa", auth_time=NOW - 10) == NOW + 290
    assert fresh_until(acr="mfa", auth_time=NOW + 999) == NOW + 300
    assert fresh_until(acr="password", auth_time=NOW) == 0.0
    assert fresh_until(acr="mfa") == fresh_until(auth_time=NOW) == 0.0
    assert fresh_until(acr=["mfa"], auth_time=NOW) == 0.0


GOOD = token()
PARTS = st.one_of(st.text(max_size=30), st.sampled_from([*GOOD.split("."), "", "e30", "bnVsbA"]))


@given(st.tuples(PARTS, PARTS, PARTS))
@settings(max_examples=200, deadline=None, database=None)
def test_no_text_with_two_dots_breaks_the_door(parts):
    # One of a run of text is the good one, and its signature is another each time it is made.
    if parts[:2] == tuple(GOOD.split(".")[:2]):
        return
    with pytest.raises(Problem) as refused:
        asyncio.run(provider().caller(".".join(parts)))
    assert refused.value.document["code"].startswith("TOKEN_")


def test_keys_that_are_named_for_one_algorithm_check_no_other(runner):
    wide = replace(TERMS, algorithms=("RS256", "PS256", "ES256"))
    for header in ({"alg": "PS256", "kid": "r-1"}, {"alg": "RS256", "kid": "k-1"}):
        with pytest.raises(Problem) as refused:
            runner.run(provider(wide).caller(token(key=LOOSE, **header)))
        assert refused.value.document["code"] == "TOKEN_ALGORITHM"
