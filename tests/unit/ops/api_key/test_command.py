"""A key is made, and lets its owner in."""

import json

import pytest

from ingress.http.keys import read_keys
from ingress.http.roles import Role
from ops.cli import main


def test_a_made_key_lets_its_owner_in(capsys, tmp_path):
    assert main(["api-key", "app-1", "--role", "producer", "--scope", "transfers", "--json"]) == 0
    made = json.loads(capsys.readouterr().out)
    path = tmp_path / "keys.json"
    path.write_text(json.dumps({"keys": [made["entry"]]}))
    caller = read_keys(path).caller(f"Bearer {made['token']}")
    assert (caller.key_id, caller.role) == ("app-1", Role.PRODUCER)
    assert caller.scopes == {"transfers"}
    assert made["token"].partition(".")[2] not in path.read_text()


def test_a_made_key_is_shown_with_what_to_do(capsys):
    assert main(["api-key", "app-1", "--role", "auditor"]) == 0
    shown = capsys.readouterr().out
    assert "Authorization: Bearer app-1." in shown
    assert '"role": "auditor"' in shown


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["a.b", "--role", "producer"], "id"),
        (["app", "--role", "king"], "king"),
        (["app", "--role", "admin", "--scope", "moon"], "moon"),
    ],
)
def test_a_key_that_could_not_be_read_is_not_made(capsys, arguments, named):
    assert main(["api-key", *arguments]) == 2
    assert named in capsys.readouterr().err


def test_a_key_is_made_with_codes_or_gets_them_later(capsys, tmp_path):
    assert main(["api-key", "anna", "--role", "operator", "--totp", "--json"]) == 0
    made = json.loads(capsys.readouterr().out)
    assert main(["api-totp", "anna", "--json"]) == 0
    later = json.loads(capsys.readouterr().out)
    path = tmp_path / "keys.json"
    path.touch(mode=0o600)
    for entry in (made["entry"], {**made["entry"], **later["entry"]}):
        path.write_text(json.dumps({"keys": [entry]}))
        assert read_keys(path).totp_of("anna") == entry["totp_secret"]
    for told in (made["totp"], later["totp"]):
        assert told.startswith("otpauth://totp/Wallet%20ledger:anna?")
    assert made["entry"]["totp_secret"] != later["entry"]["totp_secret"]


def test_codes_are_shown_with_what_to_do(capsys):
    assert main(["api-key", "anna", "--role", "operator", "--totp"]) == 0
    assert "otpauth://" in capsys.readouterr().out
    assert main(["api-totp", "anna"]) == 0
    shown = capsys.readouterr().out
    assert "otpauth://" in shown
    assert '"totp_secret": "' in shown
