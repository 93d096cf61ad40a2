"""`policy activate`: a document is read, checked, and becomes one record per partition."""

import json
from pathlib import Path

import pytest

from ops.cli import main
from ops.errors import DocumentError
from ops.policy.plan import Signed, activation_of, control_records, on_trial
from schemas.codec import decode
from schemas.messages.control import ActivatePolicy, ActivateRuleset, Control, SetRates
from schemas.messages.policy import FxRate
from schemas.messages.vocabulary import ActivationMode
from streams.wallet.genesis import genesis_policy, genesis_ruleset, ruleset_hash

GENESIS = Path(__file__).parents[3] / "streams/wallet/genesis"
POLICY = GENESIS / "policy.json"
RULESET = GENESIS / "ruleset.json"


def changed(tmp_path, source, **change):
    file = tmp_path / "changed.json"
    file.write_text(json.dumps({**json.loads(source.read_text()), **change}))
    return file


def test_a_policy_becomes_one_record_per_partition():
    activation = activation_of(POLICY, None)
    records = control_records(activation, Signed("c-1", 7, "ann", "bea"), 4)
    assert [(key, number) for key, _, number in records] == [
        (b"0", 0),
        (b"1", 1),
        (b"2", 2),
        (b"3", 3),
    ]
    control = decode(Control, records[0][1])
    assert (control.control_id, control.issuer, control.issued_at) == ("c-1", "ann", 7)
    assert control.approver == "bea"
    assert control.body == ActivatePolicy(genesis_policy())
    assert "activate policy genesis-1" in activation.lines("c-1", 4)[3]


def test_a_ruleset_is_named_by_the_hash_decisions_carry():
    assert activation_of(None, RULESET).hash == ruleset_hash(genesis_ruleset()).hex()


def test_a_rate_table_is_read_too(tmp_path):
    file = tmp_path / "rates.json"
    rate = {"currency": "USD", "base_per_minor_e9": 921_466_000}
    file.write_text(json.dumps({"rate_id": "noon", "rates": [rate], "valid_until": 9}))
    activation = activation_of(None, None, file)
    assert activation.body == SetRates("noon", (FxRate("USD", 921_466_000),), 9)
    assert "activate rates noon" in activation.lines("c-1", 1)[0]


@pytest.mark.parametrize(("policy", "ruleset"), [(None, None), (POLICY, RULESET)])
def test_exactly_one_document_is_given(policy, ruleset):
    with pytest.raises(DocumentError, match="give one of --policy FILE, --ruleset FILE"):
        activation_of(policy, ruleset)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"version": ""}, "version: not what the core can decide by"),
        ({"tiers": []}, "tiers"),
        ({"version": None}, "Policy: "),
        ({"colour": "red"}, "Policy: "),
    ],
)
def test_a_bad_policy_names_file_and_field(tmp_path, change, why):
    file = changed(tmp_path, POLICY, **change)
    with pytest.raises(DocumentError, match=why) as caught:
        activation_of(file, None)
    assert str(file) in str(caught.value)


@pytest.mark.parametrize(
    ("mode", "percent", "words"),
    [
        (ActivationMode.LIVE, 0, "activate ruleset genesis-1 ({}) as control"),
        (ActivationMode.SHADOW, 0, "activate ruleset genesis-1 ({}) in shadow as control"),
        (ActivationMode.CANARY, 5, "activate ruleset genesis-1 ({}) for 5 % of the wallets as"),
    ],
)
def test_a_ruleset_may_be_on_trial(mode, percent, words):
    activation = on_trial(activation_of(None, RULESET), mode, percent)
    assert activation.body == ActivateRuleset(genesis_ruleset(), mode, percent)
    assert words.format(activation.hash) in activation.lines("c-1", 1)[0]


def test_a_mode_that_cannot_be_names_the_option(capsys):
    with pytest.raises(DocumentError, match="--canary-percent: 1 to 99 with --mode CANARY"):
        on_trial(activation_of(None, RULESET), ActivationMode.CANARY, 0)
    with pytest.raises(DocumentError, match="--mode and --canary-percent are about a ruleset"):
        on_trial(activation_of(POLICY, None), ActivationMode.SHADOW, 0)
    same = activation_of(POLICY, None)
    assert on_trial(same, ActivationMode.LIVE, 0) is same
    command = ["policy", "activate", "--ruleset", str(RULESET), "--mode", "shadow"]
    assert main([*command, "--canary-percent", "3"]) == 2
    assert "error: --canary-percent" in capsys.readouterr().err


def test_a_bad_file_is_named(tmp_path):
    file = tmp_path / "p.json"
    with pytest.raises(DocumentError, match="No such file"):
        activation_of(file, None)
    file.write_text("{\n,")
    with pytest.raises(DocumentError, match=r"p\.json:2: not JSON"):
        activation_of(file, None)


def test_a_bad_document_is_a_usage_error(tmp_path, capsys):
    file = changed(tmp_path, RULESET, review_at=-5)
    assert main(["policy", "activate", "--ruleset", str(file)]) == 2
    assert "error: " in capsys.readouterr().err


def test_an_activation_needs_a_reason(capsys):
    assert main(["policy", "activate", "--policy", str(POLICY), "--execute"]) == 2
    assert "--execute needs --reason" in capsys.readouterr().err
