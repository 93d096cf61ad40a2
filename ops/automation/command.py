"""`ledgerctl automation check | draw | activate | notices`.

Owns: options and output.
Never: reads a document (`document.py`), draws (`draw.py`), tries (`trial.py`), sends.
"""

from __future__ import annotations

from collections import Counter, deque
from contextlib import closing
from pathlib import Path

import click

from ops import operations
from ops.automation.document import rules_of
from ops.automation.draw import bpmn_of, mermaid_of
from ops.automation.graph import graph_of
from ops.automation.sending import hash_of, sending_of
from ops.automation.trial import Raised, Trial
from ops.console import (
    execute_option,
    json_option,
    money_text,
    show_plan,
    show_rows,
    time_text,
)
from ops.operations import reason_option
from ops.reading import TopicReader, read_log, read_topic
from ops.settings import read_settings
from schemas.codec import decode
from schemas.messages.automation import AutomationNotice, AutomationRules, NoticeKind
from schemas.messages.commands import WalletCommand
from streams.automation.actions import rule_of
from topics.catalog import AUTOMATION_NOTICES, EVENTS

file_argument = click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
limit_option = click.option(
    "--limit", type=click.IntRange(1, 100_000), default=50, show_default=True
)


@click.group()
def automation() -> None:
    """Rules that do something when a balance crosses a bound."""


@automation.command()
@file_argument
@click.option("--log", "on_log", is_flag=True, help="Try the rules on the whole log, too.")
@limit_option
@json_option
def check(file: Path, limit: int, *, on_log: bool, as_json: bool) -> None:
    """Check a document of rules; with --log say what it would have raised, without any effect."""
    rules = rules_of(file)
    if not on_log:
        _show_rules(rules, as_json=as_json)
        return
    address = read_settings().broker()
    with closing(TopicReader(address, EVENTS.name)) as reader:
        trial = Trial(rules, reader.partitions)
    counts: Counter[str] = Counter()
    latest: deque[Raised] = deque(maxlen=limit)
    for placed in read_log(address):
        for raised in trial.follow(placed.decision):
            counts[_rule_of(raised)] += 1
            latest.append(raised)
    show_rows([_row(each) for each in latest], as_json=as_json, empty="nothing would be raised")
    if not as_json:
        for rule in rules.rules:
            click.echo(f"{counts[rule.rule_id]:>7,} {rule.rule_id}")


@automation.command()
@file_argument
@click.option("--bpmn", "as_bpmn", is_flag=True, help="BPMN 2.0 in place of Mermaid.")
def draw(file: Path, *, as_bpmn: bool) -> None:
    """Print a document of rules as a diagram."""
    graphs = [graph_of(rule) for rule in rules_of(file).rules]
    click.echo(bpmn_of(graphs) if as_bpmn else mermaid_of(graphs), nl=False)


@automation.command()
@file_argument
@click.option("--control-id", help="To repeat an activation safely; default: a new one.")
@reason_option
@execute_option
def activate(file: Path, control_id: str | None, reason: str, *, execute: bool) -> None:
    """Bring a document of rules into force on every partition, in the place of the one before."""
    operations.require_reason(reason, execute=execute)
    sending = sending_of(read_settings(), rules_of(file), control_id)
    show_plan(sending.lines(), execute=execute, act=lambda: sending.send(reason))


@automation.command()
@limit_option
@json_option
def notices(limit: int, *, as_json: bool) -> None:
    """Show the latest notices; one that was sent twice is told once."""
    latest: dict[tuple[str, str, int], AutomationNotice] = {}
    for record in read_topic(read_settings().broker(), AUTOMATION_NOTICES.name):
        said = decode(AutomationNotice, record.value or b"")
        latest[said.kind.name, said.notice_id, record.partition] = said
    ordered = sorted(latest.values(), key=lambda said: said.at)
    rows = [_row(said) for said in ordered[-limit:]]
    show_rows(rows, as_json=as_json, empty="there are no notices")


def _show_rules(rules: AutomationRules, *, as_json: bool) -> None:
    graphs = [graph_of(rule) for rule in rules.rules]
    texts = [{step.name: step.text for step in graph.steps} for graph in graphs]
    rows = [
        {
            "rule": graph.title,
            "when": graph.condition,
            "cool-down": f"{graph.cooldown_s} s",
            "then": text["act"],
        }
        for graph, text in zip(graphs, texts, strict=True)
    ]
    show_rows(rows, as_json=as_json, empty="the document has no rules")
    if not as_json:
        click.echo(f"rules {rules.version} ({hash_of(rules)}) can be worked by")


def _rule_of(raised: Raised) -> str:
    if isinstance(raised, AutomationNotice):
        return raised.rule_id
    return rule_of(raised.command_id)


def _row(raised: Raised) -> dict[str, object]:
    if not isinstance(raised, AutomationNotice):
        return _command_row(raised)
    told = raised.kind is NoticeKind.RAISED
    return {
        "at": time_text(raised.at),
        "kind": raised.kind.name,
        "rule": raised.rule_id,
        "owner": raised.owner,
        "says": raised.code or f"rules {raised.rules_version}",
        "balance": money_text(raised.balance, raised.currency) if told else "",
        "amount": money_text(raised.amount, raised.currency) if told else "",
    }


def _command_row(given: WalletCommand) -> dict[str, object]:
    body = given.body
    amount, currency = getattr(body, "amount", None), getattr(body, "currency", "")
    return {
        "at": time_text(given.issued_at),
        "kind": "COMMAND",
        "rule": _rule_of(given),
        "owner": given.wallet_id,
        "says": type(body).__name__,
        "balance": "",
        "amount": "" if amount is None else money_text(amount, currency),
    }
