"""A line of a file has all that was said; its record has ids, and the hash of the line."""

import json
from dataclasses import asdict
from hashlib import sha256

import pytest

from ingress.acts.line import Act, control_id_of, control_of, line_of
from schemas.codec import decode, encode
from schemas.messages.control import Control
from tests.support.builders import Rig

ACT = Act(
    who="anna",
    what="ChangeWalletStatus by POST /v1/wallets/w-1/status",
    by="key",
    verb="ChangeWalletStatus",
    subject="w-1",
    request_id="k-1",
    outcome="DELIVERED",
    role="operator",
    reason="Mr Smith of 4 Elm Street called",
    address="127.0.0.1",
)


def test_a_record_has_the_ids_of_its_line_and_its_hash():
    line = line_of(ACT, 7).encode()
    subject, control = control_of(line)
    act = control.body.act
    assert (subject, control.issuer, control.issued_at) == ("w-1", "anna", 7)
    assert control.control_id == control_id_of(line)
    assert (act.actor, act.role, act.by, act.verb) == (
        "anna",
        "operator",
        "key",
        "ChangeWalletStatus",
    )
    assert (act.subject, act.request_id, act.outcome) == ("w-1", "k-1", "DELIVERED")
    assert (act.acted_at, act.line_hash) == (7, sha256(line).digest())


@pytest.mark.parametrize("name", [name for name in asdict(ACT) if name != "reason"])
def test_a_word_that_is_no_id_stays_in_the_file_and_the_record_is_taken(name):
    said = {**asdict(ACT), name: "Smith, John"}
    _, control = control_of(line_of(Act(**said), 7).encode())
    assert "Smith" not in repr(control)
    rig = Rig(0, 1)
    assert rig.control(control.body, control.control_id, issuer=control.issuer).reason is None


def test_the_same_act_twice_is_two_records_and_the_same_line_twice_is_one():
    one, other = line_of(ACT, 7).encode(), line_of(ACT, 7).encode()
    assert control_id_of(one) != control_id_of(other)
    rig = Rig(0, 1)
    for line, sequence in ((one, None), (other, None), (one, 1)):
        _, control = control_of(line)
        decision = rig.control(control.body, control.control_id, issuer=control.issuer)
        assert decision.duplicate_of == sequence


def test_a_reason_cannot_be_guessed_from_its_hash():
    """Every other word of a line is in the chain; the salt is not, and is a random one."""
    salts = {json.loads(line_of(ACT, 7))["salt"] for _ in range(100)}
    assert len(salts) == 100
    assert min(map(len, salts)) == 36


@pytest.mark.parametrize(("said", "kept"), [(-5, 1), (0, 1), (10**30, 2**63 - 1)])
def test_a_clock_out_of_its_mind_keeps_no_act_out(said, kept):
    _, control = control_of(line_of(ACT, said).encode())
    assert decode(Control, encode(control)).body.act.acted_at == kept
    assert Rig(0, 1).control(control.body, "act-1", issuer=control.issuer).reason is None


@pytest.mark.parametrize(
    "line", [b"", b"no JSON", b"[]", b'{"at_us": 1, "what": "before"}', b'{"salt": "s"}', b"\xff"]
)
def test_what_is_no_line_of_an_act_has_no_record(line):
    assert control_of(line) is None
