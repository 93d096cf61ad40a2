"""Telling: what a round found, as exceptions: a plan, and the events when they are asked for.

Owns: which differences begin an exception, and which exceptions end by themselves.
Never: compares.

A difference that is open begins nothing again. One that a person ended and that is there once more
begins another, with a number more in its name; but of a closed day nothing can be there again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple

import click

from ingress.sdk.stamp import now_us
from ops import operations
from ops.console import show_json, show_plan
from ops.delivery import deliver, producer_for
from ops.recon.acting import Asked
from ops.recon.expect import lines_of, records_of
from ops.recon.found import Found
from ops.settings import Settings
from streams.reconciliation.external.exceptions.difference import Difference, arrival, opening
from streams.reconciliation.external.exceptions.kinds import Kind, case_id_of
from streams.reconciliation.external.exceptions.workflow import ENDED, TRANSITIONS, Case, Verb
from streams.reconciliation.external.judged import Judgement
from topics.catalog import RECON_EVENTS

ONCE: Final = frozenset({Kind.RI13})


class Round(NamedTuple):
    """What was compared, for a program and for a person, and what differs."""

    document: Mapping[str, Any]
    lines: Sequence[str]
    differences: Sequence[Difference]


def begun(differences: Iterable[Difference], cases: Mapping[str, Case]) -> Judgement:
    """Return the exceptions that begin."""
    named = ((each, _to_open(each, cases)) for each in differences)
    return Judgement(tuple(opening(case_id, each) for each, case_id in named if case_id), ())


def ended(kind: Kind, cases: Mapping[str, Case], why: Callable[[Case], str]) -> Judgement:
    """Return the exceptions of a kind that end by themselves: those for which there is a reason."""
    open_ = (each for each in cases.values() if each.kind is kind)
    may_end = (each for each in open_ if (each.state, Verb.ARRIVE) in TRANSITIONS)
    told = ((each, why(each)) for each in may_end)
    return Judgement((), tuple(arrival(each, note) for each, note in told if note))


def _to_open(each: Difference, cases: Mapping[str, Case]) -> str:
    """Return the id of the exception to open; empty while one is open."""
    number = 0
    while True:
        about = ("round", each.account, each.subject, str(number))
        case_id = case_id_of(each.kind, about)
        case = cases.get(case_id)
        if case is None:
            return case_id
        if case.state not in ENDED or each.kind in ONCE:
            return ""
        number += 1


def tell(
    made: Round, judgement: Judgement, known: tuple[Found, int], settings: Settings, asked: Asked
) -> None:
    """Show what was compared and the plan; say it when asked. `known` is what was found before."""
    found, partitions = known
    plan = lines_of(judgement)

    def act() -> None:
        records = records_of(judgement, found, now_us(), partitions)
        deliver(producer_for(settings.broker()), RECON_EVENTS.name, records)
        opened, arrived = len(judgement.opened), len(judgement.arrived)
        operations.record(
            settings.state_dir, f"round: {opened} opened, {arrived} ended", asked.reason
        )

    if asked.as_json:
        done = asked.execute and bool(plan)
        if done:
            act()
        differences = [each._asdict() for each in made.differences]
        show_json({**made.document, "differences": differences, "plan": plan, "done": done})
        return
    for line in made.lines:
        click.echo(line)
    show_plan(plan, execute=asked.execute, act=act)
