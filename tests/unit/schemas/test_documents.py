"""Documents: messages as plain dictionaries and back, and what does not fit is named."""

import json

import pytest

from schemas.codec import CodecError
from schemas.documents import message_from_json, message_to_json
from schemas.messages.commands import Transfer, VoidHold, WalletCommand
from schemas.messages.policy import Policy, Ruleset
from schemas.messages.rows import HeadRow
from streams.wallet.genesis import genesis_policy, genesis_ruleset
from tests.unit.ops.ledger_day import day


@pytest.mark.parametrize("message", [genesis_policy(), genesis_ruleset()])
def test_an_edited_document_comes_back_through_a_file(message):
    text = json.dumps(message_to_json(message))
    assert message_from_json(type(message), json.loads(text)) == message


def test_enums_are_symbols_and_a_union_tells_its_type():
    shown = message_to_json(WalletCommand("c", "w", 5, Transfer("x", "EUR", 7)))
    body = {"type": "Transfer", "to_wallet_id": "x", "currency": "EUR", "amount": 7}
    assert shown == {
        "command_id": "c",
        "wallet_id": "w",
        "issued_at": 5,
        "body": body,
        "conditions": [],
        "dry_run": False,
        "origin": None,
    }
    assert message_to_json(genesis_policy())["tiers"][0]["tier"] == "UNVERIFIED"


def test_bytes_are_hex_wherever_they_are():
    assert message_to_json(HeadRow(1, 2, b"\x01\xff", 3))["chain"] == "01ff"


def test_whole_decisions_can_be_shown_as_json():
    for writer in day():
        for decision in writer.decisions:
            shown = json.loads(json.dumps(message_to_json(decision)))
            assert shown["sequence"] == decision.sequence
            assert shown["input"] == decision.input.hex()
            assert [each["type"] for each in shown["events"]] == [
                type(each).__name__ for each in decision.events
            ]
            assert (shown["seal"] is None) is (decision.seal is None)


def without(document, key):
    return {name: value for name, value in document.items() if name != key}


POLICY = message_to_json(genesis_policy())


@pytest.mark.parametrize(
    ("document", "said"),
    [
        ({}, "version"),
        (without(POLICY, "zone"), "zone"),
        ({**POLICY, "surprise": 1}, "surprise"),
        ({**POLICY, "hold_ttl_s": "soon"}, ""),
        ({**POLICY, "hold_ttl_s": 2**70}, ""),
        ({**POLICY, "version": None}, ""),
        ({**POLICY, "tiers": [{**POLICY["tiers"][0], "tier": "GOLD"}]}, "GOLD"),
    ],
)
def test_what_does_not_fit_is_refused_and_named(document, said):
    with pytest.raises(CodecError, match=f"^Policy: .*{said}"):
        message_from_json(Policy, document)


def test_what_is_no_subject_is_refused():
    with pytest.raises(CodecError, match="VoidHold is not a subject"):
        message_from_json(VoidHold, {"hold_id": "h"})
    with pytest.raises(CodecError, match="VoidHold is not a subject"):
        message_to_json(VoidHold("h"))


def test_a_ruleset_is_no_policy():
    with pytest.raises(CodecError):
        message_from_json(Ruleset, POLICY)
