"""Keys and roles: every role at every route, and files that are none."""

import json

import pytest

from ingress.http.keys import KeysError, new_key, read_keys
from ingress.http.roles import COMMANDS, DANGEROUS, DESK, READS, SIGNED, STAFF, Role
from ingress.http.routes import WRITES
from ingress.sdk.bodies import BODIES
from tests.unit.ingress.http import issuer

# They tell nothing of a wallet: whether the door is up, and what it takes.
WITHOUT_ROLES = {"/healthz", "/readyz", "/openapi.json"}


@pytest.fixture
def keys_of(tmp_path):
    """Makes a file of keys; returns the keys and each one's header."""

    def make(**roles):
        made = {name: new_key(name, Role(role)) for name, role in roles.items()}
        path = tmp_path / "keys.json"
        path.write_text(json.dumps({"keys": [entry for _, entry in made.values()]}))
        return read_keys(path), {name: f"Bearer {token}" for name, (token, _) in made.items()}

    return make


def test_every_address_is_somebodys_by_one_table(door):
    """An address that no table names is open to nobody, and red here: also a hidden one."""
    assert COMMANDS.keys() == BODIES.keys()
    entries = {("POST", f"/v1{route.path}"): COMMANDS[route.command] for route in WRITES}
    assert len(entries) == len(WRITES)
    tables = {"GET": READS, "POST": DESK, "DELETE": DESK}
    for path, methods in door.app.openapi()["paths"].items():
        for method, each in methods.items():
            name, key = each["operationId"], (method.upper(), path)
            if key not in entries:
                entries[key] = tables[key[0]][name]
    there = {
        (method, route.path)
        for route in door.app.routes
        for method in route.methods - {"HEAD"}
        if route.path not in WITHOUT_ROLES
    }
    assert there == entries.keys()
    assert len(entries) == len(WRITES) + len(READS) + len(DESK)
    assert all(entries.values())


@pytest.mark.parametrize("kind", ["key", "token"])
@pytest.mark.parametrize("role", Role)
def test_every_role_at_every_route(new_door, keys_of, role, kind):
    keys, headers = keys_of(**{"k-of-role": role})
    door = new_door(keys, issuer.provider(taken=keys.ids))
    token = issuer.bearer({"ledger_role": f"of-{role}"})
    header = {"key": headers["k-of-role"], "token": token}[kind]
    for route in WRITES:
        path = route.path.replace("{", "").replace("}", "")
        response = door.post(path, {}, Authorization=header)
        refused = response.status_code == 403
        assert refused is (role not in COMMANDS[route.command]), route
        # What is dangerous asks for more than a role; nothing else does.
        asked = response.json().get("code") == "OPERATOR_STEP_UP_REQUIRED"
        assert asked is (not refused and route.command in DANGEROUS), route
    reads = [path for path, each in door.app.openapi()["paths"].items() if "get" in each]
    assert len(reads) == len(READS)
    for path in reads:
        address = path.removeprefix("/v1").replace("{", "").replace("}", "")
        assert door.get(address, Authorization=header).status_code != 403
    for method in (door.client.post, door.client.delete):
        response = door.run(method("/v1/sessions", headers={"Authorization": header}))
        # A token of a provider signs in and out there; its role is not what is missing.
        by_role = response.status_code == 403 and "role" in response.json()["detail"]
        assert by_role is (role not in STAFF)
    taken = {type(each.body).__name__ for each in door.ledger.taken}
    assert taken <= {name for name, allowed in COMMANDS.items() if role in allowed}


def test_what_is_dangerous_is_for_staff_alone():
    assert set(COMMANDS) > DANGEROUS
    assert all(COMMANDS[command] <= STAFF for command in DANGEROUS)
    assert {"ApproveAdjustment", "ChangeWalletStatus", "BookTreasury"} <= DANGEROUS


def test_a_file_with_secrets_of_codes_is_not_for_everybody(tmp_path):
    path = tmp_path / "keys.json"
    entry = {**new_key("a", Role.ADMIN)[1], "totp_secret": "A" * 32}
    path.write_text(json.dumps({"keys": [entry]}))
    path.chmod(0o644)
    with pytest.raises(KeysError, match="chmod"):
        read_keys(path)
    path.chmod(0o640)
    assert "A" * 32 not in repr(read_keys(path)._keys)


def test_who_reads_sends_nothing_and_who_sends_judges_nothing():
    of = {role: {name for name, allowed in COMMANDS.items() if role in allowed} for role in Role}
    assert of[Role.ANALYST] == of[Role.AUDITOR] == set()
    assert of[Role.ADMIN] == set(COMMANDS)
    judgements = {"ChangeWalletStatus", "ChangeTier", "ResolveReview", "ApproveAdjustment"}
    judgements |= {"BookTreasury", "ResolveDispute", "ChangeCreditLimit", "SetMerchantTerms"}
    assert judgements <= of[Role.OPERATOR] - of[Role.PRODUCER]
    assert {"ClearTopUp", "SubmitPayout"} <= of[Role.PRODUCER] - of[Role.OPERATOR]


def test_who_has_no_key_is_told_nothing(new_door, keys_of):
    keys, headers = keys_of(app="producer", desk="operator")
    door = new_door(keys)
    wrong = [None, "", "Bearer", "Bearer app", "Bearer app.x", headers["app"][:-1]]
    wrong += [headers["app"].replace("app", "desk"), headers["app"].replace("Bearer", "Basic")]
    for header in wrong:
        given = {} if header is None else {"Authorization": header}
        for response in (door.get("/wallets/w-1", **given), door.post("/wallets/w-1", **given)):
            assert response.status_code == 401
            assert response.headers["WWW-Authenticate"] == "Bearer"
            assert response.json()["detail"] == "send Authorization: Bearer <id>.<secret>"
    assert door.get("/wallets/w-1", Authorization=headers["app"]).status_code == 404


def test_a_scope_narrows_a_key(new_door, tmp_path):
    token, entry = new_key("app", Role.PRODUCER, ["transfers"])
    path = tmp_path / "keys.json"
    path.write_text(json.dumps({"keys": [entry]}))
    door, header = new_door(read_keys(path)), f"Bearer {token}"
    body = {"to_wallet_id": "w-2", "currency": "EUR", "amount": "1"}
    assert door.post("/wallets/w-1/transfers", body, Authorization=header).status_code == 202
    assert door.post("/wallets/w-1/payments", body, Authorization=header).status_code == 403
    assert door.get("/wallets/w-1", Authorization=header).status_code == 403


def test_nobody_signs_with_another_name(new_door, keys_of):
    keys, headers = keys_of(anna="operator", bert="operator")
    door = new_door(keys)
    path = "/wallets/w-1/adjustments/a-1/rejection"
    refused = door.post(path, {"checker": "bert"}, Authorization=headers["anna"])
    assert (refused.status_code, refused.json()["field"]) == (422, "checker")
    assert door.post(path, {}, Authorization=headers["anna"]).status_code == 202
    assert door.ledger.taken[0].body.checker == "anna"
    signers = {name for spec in BODIES.values() for name in (x.name for x in spec.fields)}
    assert set(SIGNED) <= signers


@pytest.mark.parametrize(
    ("document", "named"),
    [
        ([], "keys"),
        ({}, "keys"),
        ({"keys": []}, "keys"),
        ({"keys": [1]}, r"keys\[0\]"),
        ({"keys": [{"id": "a.b"}]}, r"keys\[0\]\.id"),
        ({"keys": [{"id": "a", "role": "king"}]}, r"keys\[0\]\.role"),
        ({"keys": [{"id": "a", "role": "admin", "scopes": "x"}]}, r"keys\[0\]\.scopes"),
        ({"keys": [{"id": "a", "role": "admin"}]}, r"keys\[0\]\.secret_sha256"),
        ({"keys": [{"id": "a", "secret": "x"}]}, r"keys\[0\]\.secret"),
        ({"keys": [{**new_key("a", Role.ADMIN)[1], "totp_secret": "abc"}]}, "totp_secret"),
        ({"keys": [{**new_key("a", Role.ADMIN)[1], "totp_secret": 1}]}, "totp_secret"),
    ],
)
def test_a_file_that_is_none_names_what_is_wrong(tmp_path, document, named):
    path = tmp_path / "keys.json"
    path.write_text(json.dumps(document))
    with pytest.raises(KeysError, match=named):
        read_keys(path)


def test_a_file_with_one_id_twice_or_no_json_is_refused(tmp_path):
    path = tmp_path / "keys.json"
    entry = new_key("a", Role.ADMIN)[1]
    path.write_text(json.dumps({"keys": [entry, entry]}))
    with pytest.raises(KeysError, match="twice"):
        read_keys(path)
    path.write_text("{")
    with pytest.raises(KeysError, match=r"keys\.json"):
        read_keys(path)
