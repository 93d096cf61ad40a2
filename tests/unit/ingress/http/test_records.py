"""Records: what operators asked for at the door, each once, whatever became of it."""

import json

from ingress.http.guard.audit import Audit
from tests.unit.ingress.http import issuer
from tests.unit.ingress.http.office import CARL, FREEZE, FROZEN, refused


def test_every_dangerous_request_leaves_one_record(office, caplog):
    caplog.set_level("INFO")
    office.freeze()
    office.freeze(code=office.code())
    office.freeze("app")
    office.freeze("nobody.secret")
    office.door.ledger.lost = True
    office.freeze(code=office.code(steps=1))
    office.door.get("/wallets/w-1", Authorization=f"Bearer {office.made['anna'][0]}")
    records = office.records()
    assert [(each["who"], each["outcome"]) for each in records] == [
        ("anna", "OPERATOR_STEP_UP_REQUIRED"),
        ("anna", "DELIVERED"),
        ("app", "FORBIDDEN"),
        ("anna", "NOT_DELIVERED"),
    ]
    assert records[1] == {
        "at_us": issuer.NOW * 1_000_000,
        "who": "anna",
        "what": f"ChangeWalletStatus by POST /v1{FREEZE}",
        "by": "key",
        "address": "127.0.0.1",
        "role": "operator",
        "verb": "ChangeWalletStatus",
        "subject": "w-1",
        "request_id": "k-1",
        "outcome": "DELIVERED",
        "salt": records[1]["salt"],
    }
    assert all(json.dumps(record) in caplog.text for record in records)
    secrets = [office.made["anna"][0].partition(".")[2], office.made["anna"][1]["totp_secret"]]
    assert not any(secret in office.audit_path.read_text() for secret in secrets)


def test_a_refusal_of_the_ledger_and_a_bug_are_recorded_as_well(office):
    office.door.ledger.says = lambda _command, _n: 1 / 0
    assert office.freeze(code=office.code()).status_code == 500
    assert office.records()[-1]["outcome"] == "INTERNAL"
    refused(office.freeze(issuer.token(CARL)), "OPERATOR_STEP_UP_REQUIRED")
    assert office.records()[-1]["by"] == "token"


def test_an_open_door_asks_for_no_code_and_records_all_the_same(new_door, tmp_path):
    path = tmp_path / "audit.jsonl"
    door = new_door(audit=Audit(path))
    assert door.post(FREEZE, FROZEN).status_code == 202
    assert json.loads(path.read_text())["by"] == "nothing"


def test_a_record_that_cannot_be_written_is_in_the_log(office, caplog):
    office.audit_path.unlink()
    office.audit_path.mkdir()
    office.freeze()
    assert "is not written" in caplog.text
    assert "OPERATOR_STEP_UP_REQUIRED" in caplog.text
