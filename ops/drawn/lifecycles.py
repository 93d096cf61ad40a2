"""Lifecycles, drawn: one Mermaid state diagram for each table of transitions.

Owns: the text of `docs/lifecycles.md`.
Never: knows a state that no table has.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import Enum

from ledger import holds, lifecycle, schedules, wallet_status
from schemas.messages.vocabulary import (
    ScheduleState,
    TransactionKind,
    TransactionState,
    WalletStatus,
)
from streams.reconciliation.external.exceptions import workflow

EXCEPTIONS = "streams/reconciliation/external/exceptions/workflow.py"
Arrow = tuple[str, str, str]  # from, to, what is done

INTRODUCTION = """\
# Lifecycles

Made from the tables by `make pages`; `make check` compares. What a table does not list is refused
and changes nothing; a command gets INVALID_TRANSITION.

"""


def lifecycles_page() -> str:
    """Return the page."""
    parts = [INTRODUCTION]
    parts += _section("Wallet", "ledger/wallet_status.py", _wallet_arrows())
    parts += _section("Hold", "ledger/holds.py", _hold_arrows())
    parts += _section("Schedule", "ledger/schedules.py", _schedule_arrows())
    for kind in lifecycle.TRANSITIONS:
        parts += _section(f"Transaction: {kind.name}", "ledger/lifecycle.py", _arrows_of(kind))
    parts += _section("Exception", EXCEPTIONS, _exception_arrows())
    return "".join(parts).rstrip("\n") + "\n"


def _section(title: str, source: str, arrows: Iterable[Arrow]) -> Iterator[str]:
    yield f"## {title}\n\nThe table is in `{source}`.\n\n```mermaid\nstateDiagram-v2\n"
    for before, after, verb in arrows:
        yield f"  {before} --> {after}{f' : {verb}' if verb else ''}\n"
    yield "```\n\n"


def _wallet_arrows() -> Iterator[Arrow]:
    yield "[*]", "PENDING_KYC", "open, tier UNVERIFIED"
    yield "[*]", "ACTIVE", "open"
    table = {(a.name, _word(b)): after.name for (a, b), after in wallet_status.TRANSITIONS.items()}
    yield from _merged(table)
    for beneath in wallet_status.BENEATH[1:]:
        yield WalletStatus.FROZEN.name, beneath.name, "the freeze ends, which lay on it"


def _hold_arrows() -> Iterator[Arrow]:
    yield "[*]", "ACTIVE", "place"
    table = {(a.name, _word(b)): after.name for (a, b), after in holds.TRANSITIONS.items()}
    yield from _merged(table)


def _schedule_arrows() -> Iterator[Arrow]:
    for before, following in schedules.TRANSITIONS.items():
        first = "[*]" if before is ScheduleState.INITIATED else before.name
        for after in sorted(following, key=lambda each: each.index):
            yield first, after.name, ""


def _arrows_of(kind: TransactionKind) -> Iterator[Arrow]:
    for before, following in lifecycle.TRANSITIONS[kind].items():
        first = "[*]" if before is TransactionState.INITIATED else before.name
        for after in sorted(following, key=lambda each: each.index):
            yield first, after.name, ""


def _exception_arrows() -> Iterator[Arrow]:
    yield "[*]", workflow.State.OPEN.name, "a check, a finding or a person"
    table = {
        (before.name, _with_actor(verb)): after.name
        for (before, verb), after in workflow.TRANSITIONS.items()
    }
    yield from _merged(table)


def _with_actor(verb: workflow.Verb) -> str:
    """Return a verb, and by whom where not anybody may do it."""
    who = workflow.WHO[verb]
    return _word(verb) if who is workflow.Who.ANYBODY else f"{_word(verb)} ({who.value})"


def _merged(table: dict[tuple[str, str], str]) -> Iterator[Arrow]:
    """Yield one arrow for all verbs that lead from one state to another."""
    verbs: dict[tuple[str, str], list[str]] = {}
    for (before, verb), after in table.items():
        verbs.setdefault((before, after), []).append(verb)
    for (before, after), said in sorted(verbs.items()):
        yield before, after, ", ".join(sorted(said))


def _word(verb: Enum) -> str:
    return verb.name.lower().replace("_", " ")
