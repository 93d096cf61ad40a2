"""`ledgerctl recon assign|move|resolve`: the steps that a person takes with an exception.

Owns: options.
Never: judges a step; the table of transitions does.
"""

from __future__ import annotations

from typing import Final

import click

from ingress.sdk.stamp import now_us
from ops import operations
from ops.console import execute_option, json_option
from ops.operations import reason_option
from ops.recon.acting import Asked, go
from ops.settings import read_settings
from streams.reconciliation.external.exceptions.workflow import Act, End, Verb

# Steps that need nothing but a word.
PLAIN: Final = {
    "investigate": Verb.INVESTIGATE,
    "ask-outside": Verb.ASK_OUTSIDE,
    "receive-answer": Verb.RECEIVE_ANSWER,
    "release": Verb.RELEASE,
    "reopen": Verb.REOPEN,
}


@click.command()
@click.argument("case_id", metavar="ID")
@click.option("--to", "assignee", default="", help="Who takes it; else whoever runs this.")
@reason_option
@execute_option
@json_option
def assign(case_id: str, assignee: str, reason: str, *, execute: bool, as_json: bool) -> None:
    """Say who ends an exception or a break."""
    who = operations.who()
    act = Act(verb=Verb.ASSIGN, actor=who, at=now_us(), assignee=assignee or who, note=reason)
    go(read_settings(), case_id, act, Asked(reason, execute, as_json))


@click.command()
@click.argument("case_id", metavar="ID")
@click.argument("step", type=click.Choice(tuple(PLAIN)))
@reason_option
@execute_option
@json_option
def move(case_id: str, step: str, reason: str, *, execute: bool, as_json: bool) -> None:
    """Investigate, ask outside, receive the answer, release, or open again; whoever has it.

    A plan of `reopen` needs --reason too, since the step does.
    """
    act = Act(verb=PLAIN[step], actor=operations.who(), at=now_us(), note=reason)
    go(read_settings(), case_id, act, Asked(reason, execute, as_json))


@click.command()
@click.argument("case_id", metavar="ID")
@click.option(
    "--as",
    "end",
    required=True,
    type=click.Choice([each.value for each in End], case_sensitive=False),
    help="How it ended. Giving an amount up is `recon write-off`.",
)
@click.option("--entry", default="", help="ADJUSTED: its entry, PARTITION/SEQUENCE/INDEX.")
@reason_option
@execute_option
@json_option
def resolve(  # noqa: PLR0913 - one parameter per option
    case_id: str, end: str, entry: str, reason: str, *, execute: bool, as_json: bool
) -> None:
    """End an exception that was looked into; only whoever has it."""
    act = Act(
        verb=Verb.RESOLVE,
        actor=operations.who(),
        at=now_us(),
        end=End(end.upper()),
        entry_id=entry,
        note=reason,
    )
    go(read_settings(), case_id, act, Asked(reason, execute, as_json))
