"""Checkpoints on the real broker: signed, proved by receipt, verified by a stranger."""

import json
import subprocess
import sys

import pytest

from ingress.sdk import Transfer
from ops.exits import DIFFERENCES
from ops.reading import read_log
from tests.support.sources import ROOT

SCRIPT = ROOT / "verifier/verify_ledger.py"


@pytest.fixture
def keys(ctl, tmp_path):
    """A signer's private key file and public key."""
    file = tmp_path / "office.key"
    public = ctl("checkpoints", "keygen", "office", str(file)).strip()
    assert file.stat().st_mode & 0o077 == 0
    assert "never written over" in ctl("checkpoints", "keygen", "office", str(file), code=2)
    return file, public


def test_what_was_signed_is_proved_to_a_stranger(ledger, ctl, keys, tmp_path):
    file, public = keys
    payer, payee = ledger.open(fund=100_00), ledger.open()
    sent = ledger.accepted(payer, Transfer(payee, "EUR", 5_00))
    act = acted(ledger, ctl)
    ledger.quiesce()
    sign = ("checkpoints", "sign", "--key-file", str(file), "--every", "3")
    assert "nothing was done" in ctl(*sign)
    assert "no checkpoint has been signed" in ctl("checkpoints", "list", "--key", public)
    assert "done" in ctl(*sign, "--execute", "--reason", "a test")
    signed = ctl("checkpoints", "list", "--key", public, "--json")
    assert {each["partition"] for each in signed}
    check_what_is_kept(ctl, public, tmp_path)
    check_that_another_signer_goes_on(ctl, keys, tmp_path)
    partition = ledger.partition_of(payer)
    # Of another partition's answer to it there is a Decision too, later.
    sequence = min(
        each.decision.sequence
        for each in read_log(ledger.stack.endpoints.kafka, [partition])
        if each.decision.command_id == sent
    )
    receipt = tmp_path / "receipt.json"
    place = ("--partition", str(partition), "--sequence", str(sequence))
    receipt.write_text(ctl("checkpoints", "receipt", "--key", public, *place), encoding="utf-8")
    proved = ctl("verify", "receipt", str(receipt), "--key", public)
    assert f"sequence {sequence}: ACCEPTED for wallet {payer}" in proved

    check_that_an_act_is_proved(ctl, public, act, receipt)

    folder = tmp_path / "exported"
    ctl("checkpoints", "export", str(folder), "--key", public)
    assert verify(folder, public).returncode == 0
    check_that_a_dropped_record_is_found(folder, public, partition, sequence)


def acted(ledger, ctl):
    """An act of an operator in a partition that has enough Decisions to be signed, as listed."""
    for _ in range(2):
        ctl("recon", "cut", "--execute", "--reason", "a test")
    listing = ("audit", "list", "--subject", "recon", "--json")
    ledger.wait_for("both acts to be decided", lambda: len(ctl(*listing)) > 1)
    return ctl(*listing)[-1]


def check_that_an_act_is_proved(ctl, public, act, receipt):
    """What an operator did is proved like a payment; to sign it added nothing to be signed."""
    sequence = act["sequence"]
    place = ("--partition", str(act["partition"]), "--sequence", str(sequence))
    receipt.write_text(ctl("checkpoints", "receipt", "--key", public, *place), encoding="utf-8")
    proved = ctl("verify", "receipt", str(receipt), "--key", public)
    assert f"sequence {sequence}: ACCEPTED" in proved


def check_what_is_kept(ctl, public, tmp_path):
    """Checkpoints extend each other, with the log and without it; every store is the signed log."""
    proved = ctl("verify", "consistency", "--key", public, "--json")
    assert proved["differences"] == []
    file = tmp_path / "proofs.json"
    file.write_text(json.dumps(proved), encoding="utf-8")
    assert "to" in ctl("verify", "consistency", "--key", public, "--file", str(file))
    proved["proofs"][-1]["proof"][0] = proved["proofs"][0]["old"][-45:-1]
    file.write_text(json.dumps(proved), encoding="utf-8")
    ctl("verify", "consistency", "--key", public, "--file", str(file), code=DIFFERENCES)

    kept = ctl("verify", "balances", "--key", public, "--json")
    assert kept["differences"] == []
    places = {row["kept in"] for row in kept["compared"]}
    assert places == {"PostgreSQL", "Cassandra", "Redis", "the workers' state"}
    assert any(row["signed"] == row["sequence"] > 0 for row in kept["compared"])
    assert "chain, seals and sequences hold" in ctl("verify", "log", "--chain-only")


def check_that_another_signer_goes_on(ctl, keys, tmp_path):
    """Whose key is not known stops nobody, and is told; by `--trusted` it is known."""
    office, public = keys
    again = ctl("checkpoints", "sign", "--key-file", str(office), "--every", "3")
    assert "nothing to do" in again
    file = tmp_path / "night.key"
    theirs = ctl("checkpoints", "keygen", "night", str(file)).strip()
    told = ctl("checkpoints", "sign", "--key-file", str(file), code=DIFFERENCES)
    assert "nobody who is trusted has signed this note" in told
    assert "sign the first" in told
    known = ctl("checkpoints", "sign", "--key-file", str(file), "--trusted", public)
    assert "nobody who is trusted" not in known
    assert "nothing to do" in known
    assert ctl("checkpoints", "list", "--key", public, "--key", theirs, "--json")


def check_that_a_dropped_record_is_found(folder, public, partition, sequence):
    log = folder / f"log-{partition}.jsonl"
    lines = log.read_text(encoding="utf-8").splitlines()
    log.write_text("\n".join(lines[: sequence - 1] + lines[sequence:]), encoding="utf-8")
    found = verify(folder, public)
    assert found.returncode == DIFFERENCES
    assert f"partition {partition}" in found.stdout


def verify(folder, public):
    return subprocess.run(
        [sys.executable, str(SCRIPT), str(folder), public],
        capture_output=True,
        text=True,
        check=False,
        cwd="/",
    )
