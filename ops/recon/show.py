"""`ledgerctl recon show ID`: one exception or break, with every step of its life.

Owns: options and output.
Never: judges a step.
"""

from __future__ import annotations

from typing import Any

import click

from ingress.sdk.stamp import now_us
from ops.console import json_option, money_text, show_json, show_rows, time_text
from ops.recon.acting import case_in
from ops.recon.found import Found
from ops.recon.reading import read_found
from ops.settings import read_settings
from streams.reconciliation.external.exceptions.ageing import due_on, is_overdue
from streams.reconciliation.external.exceptions.workflow import (
    TRANSITIONS,
    WHO,
    Act,
    Case,
    Who,
    day_of,
)


@click.command()
@click.argument("case_id", metavar="ID")
@json_option
def show(case_id: str, *, as_json: bool) -> None:
    """Show an exception: what it is about, its steps, and what may be done next."""
    found, _ = read_found(read_settings().broker())
    document = case_document(case_in(found, case_id), found, now_us())
    if as_json:
        show_json(document)
        return
    for name, value in document.items():
        if not isinstance(value, list):
            click.echo(f"{name}: {'' if value is None else value}")
    show_rows(document["steps"], as_json=False, empty="no step yet")
    for each in document["next"]:
        click.echo(f"next: {each['verb']} -> {each['to']}, by {each['who']}")
    for each in document["refused"]:
        click.echo(f"refused: {each['event']}: {each['why']}")


def case_document(case: Case, found: Found, now: int) -> dict[str, Any]:
    """Return an exception for programs."""
    today = day_of(max(now, case.opened_at))
    terms = case.terms
    return {
        "id": case.case_id,
        "kind": case.kind.value,
        "state": case.state.value,
        "end": case.end.value if case.end else None,
        "account": case.account,
        "about": case.subject,
        "detail": case.detail,
        "at stake": money_text(case.amount, case.currency) if case.amount else None,
        "group": case.group,
        "assignee": case.assignee or None,
        "opened": time_text(case.opened_at),
        "due": due_on(case).isoformat(),
        "overdue": is_overdue(case, today),
        "entry": case.entry_id or None,
        "write-off": None
        if terms is None
        else f"{terms.account}, {terms.direction.name} {terms.wallet_id}, by {case.maker}; "
        f"{len(case.approvals)} of {terms.approvals} approvals, one of a {terms.role}",
        "steps": [_step(number, each) for number, each in enumerate(case.steps, 1)],
        "next": [
            {"verb": verb.value, "to": after.value, "who": WHO[verb].value}
            for (before, verb), after in TRANSITIONS.items()
            if before is case.state and WHO[verb] is not Who.SYSTEM
        ],
        "refused": [
            {"event": each.event_id, "why": each.why}
            for each in found.cases.misfits
            if each.case_id == case.case_id
        ],
    }


def _step(number: int, act: Act) -> dict[str, Any]:
    what = (act.assignee, act.end, act.entry_id, act.role)
    return {
        "#": number,
        "at": time_text(act.at),
        "verb": act.verb.value,
        "by": act.actor,
        "what": ", ".join(filter(None, what)),
        "note": act.note,
    }
