"""Rules as a person writes them: read exactly, refused by file and field."""

import copy
import json
from pathlib import Path

import pytest

from ops.automation.document import read_rules, rules_of
from ops.errors import DocumentError
from schemas.codec import decode
from schemas.messages.automation import AutomationRule, Bound, GiveCommand, GiveNotice, Watch
from schemas.messages.commands import Transfer, WalletCommand
from streams.automation.rules import check_rules

EXAMPLES = sorted((Path(__file__).parents[4] / "ops/automation/examples").glob("*.json"))
RULE = {
    "rule_id": "low",
    "watch": {"account": "W.AVL", "owner": "ann", "currency": "EUR"},
    "when": [{"feature": "balance", "high": "10.00"}],
    "events": ["ToppedUp"],
    "cooldown_s": 60,
    "then": {"notice": "LOW", "level": "50"},
}
SWEEP = {"command": {"type": "Transfer", "to_wallet_id": "bob", "currency": "EUR"}, "level": "50"}


def whole(**changed):
    return {"version": "v1", "rules": [{**RULE, **changed}]}


def written(tmp_path, document):
    file = tmp_path / "rules.json"
    file.write_text(document if isinstance(document, str) else json.dumps(document))
    return file


def test_a_document_is_read_exactly():
    (rule,) = read_rules(whole()).rules
    assert rule == AutomationRule(
        "low",
        Watch("W.AVL", "ann", "EUR"),
        ("ToppedUp",),
        (Bound("balance", None, 10_00),),
        60,
        GiveNotice("LOW", 50_00),
    )


def test_amounts_are_in_the_accounts_currency():
    watch = {"account": "W.AVL", "currency": "JPY"}
    bound = {"feature": "balance", "low": "-5", "high": "10"}
    (rule,) = read_rules(whole(watch=watch, when=[bound])).rules
    assert rule.when == (Bound("balance", -5, 10),)
    assert rule.watch.owner == ""


def test_a_command_is_written_as_everywhere_and_its_amount_computed():
    (rule,) = read_rules(whole(then=SWEEP)).rules
    assert isinstance(rule.then, GiveCommand)
    assert (rule.then.wallet_id, rule.then.level) == ("", 50_00)
    body = decode(WalletCommand, rule.then.template).body
    assert (type(body), body.to_wallet_id) == (Transfer, "bob")


def test_a_command_may_name_its_wallet_and_amount():
    command = {**SWEEP["command"], "wallet_id": "till", "amount": "12.50"}
    (rule,) = read_rules(whole(then={"command": command})).rules
    assert (rule.then.wallet_id, rule.then.level) == ("till", None)
    assert decode(WalletCommand, rule.then.template).body.amount == 12_50


@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.stem)
def test_every_example_can_be_worked_by(file):
    check_rules(rules_of(file))


def test_there_are_examples():
    assert [file.stem for file in EXAMPLES] == ["low_balance", "prefunding", "sweep"]


def with_command(**changed):
    return whole(then={"command": {**SWEEP["command"], "amount": "1.00", **changed}})


@pytest.mark.parametrize(
    ("document", "why"),
    [
        ([], "document: an object is needed"),
        ({"version": "v1"}, "rules: is missing"),
        ({"version": 1, "rules": []}, "version: text is needed"),
        ({"version": "v1", "rules": {}}, "rules: a list is needed"),
        ({"version": "v1", "rules": ["x"]}, "rules[0]: an object is needed"),
        (whole(colour="red"), "rules[0].colour: unknown here; known: rule_id"),
        (whole(rule_id=3), "rules[0].rule_id: text is needed"),
        (whole(watch={"account": "W.AVL"}), "rules[0].watch.currency: is missing"),
        (whole(watch={"account": "W.AVL", "currency": "EURO"}), "rules[0].watch.currency: 'EURO'"),
        (whole(when={}), "rules[0].when: a list is needed"),
        (whole(when=[{"feature": "balance", "high": 10}]), "rules[0].when[0].high: an amount is"),
        (whole(when=[{"feature": "balance", "low": "1.005"}]), "rules[0].when[0].low: 3 decimal"),
        (whole(when=[{"feature": "size", "low": "1"}]), "rules[0].when[0].feature: not what"),
        (whole(events=["Nothing"]), "rules[0].events[0]: not what a rule can work by"),
        (whole(events=[1]), "rules[0].events[0]: text is needed"),
        (whole(cooldown_s="60"), "rules[0].cooldown_s: a whole number is needed"),
        (whole(cooldown_s=True), "rules[0].cooldown_s: a whole number is needed"),
        (whole(then={"level": "1"}), "rules[0].then: say one of notice and command"),
        (whole(then={"notice": "X", **SWEEP}), "rules[0].then: say one of notice and command"),
        (whole(then={"notice": "X", "level": "1.00"}), "rules[0].then.level: not what"),
        (whole(then={"command": "Transfer"}), "rules[0].then.command: a command is an object"),
        (with_command(type="Transfr"), "rules[0].then.command.type: 'Transfr' is not one of"),
        (with_command(amount=1.5), "rules[0].then.command.amount: an amount is decimal text"),
        (with_command(wallet_id=7), "rules[0].then.command.wallet_id: text is needed"),
        (with_command(to_wallet_id=""), "rules[0].then.command.to_wallet_id: is empty"),
        ("{", "rules.json:1: not JSON"),
    ],
)
def test_what_is_wrong_is_named(tmp_path, document, why):
    file = written(tmp_path, document)
    with pytest.raises(DocumentError) as refused:
        rules_of(file)
    assert why in str(refused.value)
    assert str(file) in str(refused.value)


def test_an_amount_beside_a_level_is_refused(tmp_path):
    both = copy.deepcopy(SWEEP)
    both["command"]["amount"] = "1.00"
    with pytest.raises(DocumentError, match="amount: the level says how much"):
        rules_of(written(tmp_path, whole(then=both)))


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(DocumentError, match=r"none\.json: No such file"):
        rules_of(tmp_path / "none.json")
