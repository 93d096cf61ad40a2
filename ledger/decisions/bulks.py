"""Bulks: several transfers of one wallet, all of them or none.

Owns: the verdict of a bulk: its items decided in order, each as a Transfer is, on an overlay where
what the items before it do has happened.
Never: a rule of its own. The events of all items are one Decision; the overlay is forgotten.

The first item that is refused refuses the bulk with its reason, and counts as the one attempt that
the bulk was. A review refuses too: the others cannot wait for a reviewer. The fraud decision of a
bulk is the gravest of its items'.
"""

from __future__ import annotations

from ledger.case import Case, Moment
from ledger.decisions import outgoing
from ledger.effects import apply
from ledger.guards.bulks import of_item
from ledger.inputs import CommandInput
from ledger.overlay import laid_over
from ledger.refusal import Refusal, accepted, rejected
from ledger.verdict import Verdict
from ledger.windows import NO_OUTFLOW
from schemas.messages.commands import BulkItem, BulkTransfer, Transfer, WalletCommand
from schemas.messages.decisions import Event, RiskAssessment
from schemas.messages.events import AttemptCounted
from schemas.messages.vocabulary import RejectionReason, Stage


def act(case: Case, body: BulkTransfer) -> Verdict:
    """Decide every item on what those before it leave."""
    before = case.moment
    moment = Moment(laid_over(before.view), before.at, before.programme, before.place)
    events: list[Event] = []
    gravest: RiskAssessment | None = None
    for place, item in enumerate(body.items):
        verdict = _item(moment, case, place, item)
        gravest = _graver(gravest, verdict.risk)
        refusal = _refusal_of(verdict)
        if refusal is not None:
            return rejected(of_item(place, refusal), _attempt(case, verdict), gravest)
        apply(moment.view, verdict.events, moment.at, 0)
        events += verdict.events
    return accepted(tuple(events), Stage.FINAL, gravest)


def transfer_id(bulk_id: str, place: int) -> str:
    """Return the name of an item's transfer, which no command can have."""
    return f"{bulk_id}/{place}"


def _item(moment: Moment, case: Case, place: int, item: BulkItem) -> Verdict:
    command = case.command
    body = Transfer(item.to_wallet_id, item.currency, item.amount)
    name = transfer_id(command.command_id, place)
    given = WalletCommand(name, case.wallet_id, command.issued_at, body, origin=command.origin)
    return outgoing.transfer(Case(moment, CommandInput(case.given.key, given, b"", b"")), body)


def _refusal_of(verdict: Verdict) -> Refusal | None:
    if verdict.reason is not None:
        return Refusal(verdict.reason, verdict.detail)
    if verdict.stage is Stage.PENDING:
        return Refusal(RejectionReason.RISK_REVIEW)
    return None


def _attempt(case: Case, verdict: Verdict) -> tuple[Event, ...]:
    """Count the attempt, unless the item itself found no room for one."""
    if not verdict.events:
        return ()
    row = case.moment.view.outflows.get(case.wallet_id) or NO_OUTFLOW
    return (AttemptCounted(case.wallet_id, row.next_entry),)


def _graver(one: RiskAssessment | None, other: RiskAssessment | None) -> RiskAssessment | None:
    """Return the assessment with the stronger action, or with the higher score; the first of two.

    What was asked is never forgotten for what came later: a candidate beside the ruleset in force
    is asked wherever that was.
    """
    if one is None or other is None:
        return one or other
    return other if _weight(other) > _weight(one) else one


def _weight(risk: RiskAssessment) -> tuple[int, int]:
    return risk.action.index, risk.score
