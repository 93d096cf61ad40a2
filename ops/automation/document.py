"""Document: the JSON of a person becomes rules.

    {"version": "liquidity-1", "rules": [
      {"rule_id": "low",
       "watch": {"account": "W.AVL", "owner": "ann", "currency": "EUR"},
       "when": [{"feature": "balance", "high": "10.00"}],
       "cooldown_s": 3600,
       "then": {"notice": "LOW-BALANCE", "level": "50.00"}}]}

Owns: this form. Amounts are decimal text in the currency of the account; a command is written as
`ledgerctl feed` reads it, without an amount where the rule's level computes it.
Never: judges what a rule can work by; `streams.automation.rules` does. Every error names file and
field.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from ingress.sdk.errors import CommandRefusedError
from ingress.sdk.jsonl import from_document
from ledger.errors import ProgrammeError
from ops.errors import DocumentError
from ops.json_file import json_in
from schemas.codec import encode
from schemas.messages.automation import (
    Action,
    AutomationRule,
    AutomationRules,
    Bound,
    GiveCommand,
    GiveNotice,
    Watch,
)
from schemas.values import Currency, Money, currency
from streams.automation.rules import check_rules

RULE: Final = ("rule_id", "watch", "when", "then")
RULE_MAY: Final = ("events", "cooldown_s")
# Stands where the job puts its own: the id, the time, and the wallet where the owner decides.
TEMPLATE: Final = {"command_id": "template", "issued_at": 1, "wallet_id": "template"}


def rules_of(file: Path) -> AutomationRules:
    """Read and check a file of rules. Raises `DocumentError` naming file and field."""
    document = json_in(file)
    try:
        rules = read_rules(document)
        check_rules(rules)
    except ProgrammeError as error:
        raise DocumentError(f"{file}: {error.field}: not what a rule can work by") from error
    except ValueError as error:
        raise DocumentError(f"{file}: {error}") from error
    return rules


def read_rules(document: object) -> AutomationRules:
    """Return the rules that a document describes. Raises `ValueError` naming the field."""
    whole = _record(document, "document", ("version", "rules"))
    rules = [
        _rule(each, f"rules[{index}]") for index, each in enumerate(_list(whole["rules"], "rules"))
    ]
    return AutomationRules(_text(whole["version"], "version"), tuple(rules))


def _rule(document: object, path: str) -> AutomationRule:
    given = _record(document, path, RULE, RULE_MAY)
    watch = _watch(given["watch"], f"{path}.watch")
    money = currency(watch.currency, field=f"{path}.watch.currency")
    bounds = [
        _bound(each, money, f"{path}.when[{index}]")
        for index, each in enumerate(_list(given["when"], f"{path}.when"))
    ]
    events = [
        _text(each, f"{path}.events[{index}]")
        for index, each in enumerate(_list(given.get("events", []), f"{path}.events"))
    ]
    return AutomationRule(
        _text(given["rule_id"], f"{path}.rule_id"),
        watch,
        tuple(events),
        tuple(bounds),
        _number(given.get("cooldown_s", 0), f"{path}.cooldown_s"),
        _action(given["then"], money, f"{path}.then"),
    )


def _watch(document: object, path: str) -> Watch:
    given = _record(document, path, ("account", "currency"), ("owner",))
    account, owner = _text(given["account"], f"{path}.account"), given.get("owner", "")
    money = _text(given["currency"], f"{path}.currency")
    return Watch(account, _text(owner, f"{path}.owner"), money)


def _bound(document: object, money: Currency, path: str) -> Bound:
    given = _record(document, path, ("feature",), ("low", "high"))
    feature = _text(given["feature"], f"{path}.feature")
    return Bound(feature, _minor(given, "low", money, path), _minor(given, "high", money, path))


def _action(document: object, money: Currency, path: str) -> Action:
    given = _record(document, path, (), ("notice", "command", "level"))
    level = _minor(given, "level", money, path)
    if ("notice" in given) is ("command" in given):
        raise ValueError(f"{path}: say one of notice and command")
    if "notice" in given:
        return GiveNotice(_text(given["notice"], f"{path}.notice"), level)
    return _command(given["command"], level, f"{path}.command")


def _command(document: object, level: int | None, path: str) -> GiveCommand:
    if not isinstance(document, dict):
        raise ValueError(f"{path}: a command is an object")  # noqa: TRY004 - a wrong document
    wallet_id = _text(document.get("wallet_id", ""), f"{path}.wallet_id")
    whole: dict[str, Any] = {**TEMPLATE, **document}
    if level is not None:
        if "amount" in document:
            raise ValueError(f"{path}.amount: the level says how much")
        whole["amount"] = "1"
    try:
        return GiveCommand(wallet_id, encode(from_document(whole)), level)
    except CommandRefusedError as error:
        raise ValueError(f"{path}.{error.field}: {error.why}") from error


def _minor(given: Mapping[str, Any], name: str, money: Currency, path: str) -> int | None:
    value = given.get(name)
    return None if value is None else Money.parse(value, money, field=f"{path}.{name}").minor


def _record(
    document: object, path: str, needed: tuple[str, ...], may: tuple[str, ...] = ()
) -> dict[str, Any]:
    if not isinstance(document, dict):
        raise ValueError(f"{path}: an object is needed")  # noqa: TRY004 - a wrong document
    known = (*needed, *may)
    for name in document:
        if name not in known:
            raise ValueError(f"{path}.{name}: unknown here; known: {', '.join(known)}")
    for name in needed:
        if name not in document:
            raise ValueError(f"{path}.{name}: is missing")
    return document


def _list(value: object, path: str) -> list[object]:
    if not isinstance(value, list):
        raise ValueError(f"{path}: a list is needed")  # noqa: TRY004 - a wrong document
    return value


def _text(value: object, path: str) -> str:
    if not isinstance(value, str):
        raise ValueError(f"{path}: text is needed")  # noqa: TRY004 - a wrong document
    return value


def _number(value: object, path: str) -> int:
    if value.__class__ is not int:
        raise ValueError(f"{path}: a whole number is needed")
    assert isinstance(value, int), "its class was looked at"
    return value
