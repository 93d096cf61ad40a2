"""`ledgerctl dlq show | requeue | discard`: one letter at a time.

Owns: options and output.
Never: plans; `plan.py` does.
"""

from __future__ import annotations

from contextlib import closing
from typing import Any

import click

from ops import operations
from ops.console import execute_option, json_option, show_json, show_plan, time_text
from ops.delivery import deliver, producer_for
from ops.dlq.plan import Found, letter_named, requeue_of
from ops.operations import reason_option
from ops.reading import TopicReader, read_topic
from ops.settings import read_settings
from schemas.access.kafka import Servers
from topics.catalog import COMMANDS, DEAD_LETTERS


@click.command()
@click.argument("letter")
@json_option
def show(letter: str, *, as_json: bool) -> None:
    """Show the dead LETTER, such as 3/12, with all its bytes in hex."""
    document = _document(_found(read_settings().broker(), letter))
    if as_json:
        show_json(document)
        return
    for name, value in document.items():
        click.echo(f"{name:<10}{value}")


@click.command()
@click.argument("letter")
@reason_option
@execute_option
def requeue(letter: str, reason: str, *, execute: bool) -> None:
    """Send the command of a dead LETTER again, under its own id, where its key lives.

    For what was misrouted, and for what an older build could not read. What this build cannot read
    either is refused.
    """
    operations.require_reason(reason, execute=execute)
    settings = read_settings()
    address = settings.broker()
    with closing(TopicReader(address, COMMANDS.name)) as reader:
        partitions = reader.partitions
    plan = requeue_of(_found(address, letter), partitions)

    def act() -> None:
        deliver(producer_for(address), COMMANDS.name, [plan.record()])
        line = f"requeue letter {letter}: {plan.line()}"
        operations.record(settings.state_dir, line, reason, request_id=_named(letter))

    show_plan([plan.line()], execute=execute, act=act)


@click.command()
@click.argument("letter")
@reason_option
@execute_option
def discard(letter: str, reason: str, *, execute: bool) -> None:
    """Note that nothing is to be done about a dead LETTER; it stays on its topic."""
    operations.require_reason(reason, execute=execute)
    settings = read_settings()
    found = _found(settings.broker(), letter)
    line = f"discard letter {letter}: {found.letter.reason.name} from {found.source()}"
    show_plan(
        [line],
        execute=execute,
        act=lambda: operations.record(settings.state_dir, line, reason, request_id=_named(letter)),
    )


def _found(address: Servers, name: str) -> Found:
    return letter_named(read_topic(address, DEAD_LETTERS.name), name)


def _document(found: Found) -> dict[str, Any]:
    letter = found.letter
    return {
        "letter": found.name,
        "reason": letter.reason.name,
        "detail": letter.detail,
        "source": found.source(),
        "appended": time_text(letter.append_time),
        "decision": f"{letter.partition}/{letter.sequence}",
        "key": None if letter.key is None else letter.key.hex(),
        "length": letter.length,
        "sha256": letter.hash.hex(),
        "value": None if letter.value is None else letter.value.hex(),
    }


def _named(letter: str) -> str:
    """Return partition/offset as an id."""
    return letter.replace("/", "-")
