"""Booking: a write-off that enough people agreed to, asked of the ledger as an adjustment.

Owns: the commands of it and their ids, and what the ledger's answers mean.
Never: posts an entry itself, or names an approver who did not approve.

The ledger checks maker and checkers once more, by its own policy. Every id is made of the
exception and of the step that proposed it, so whoever repeats a booking after a crash asks for the
same again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Protocol

from ingress.sdk import ApproveAdjustment, ProposeAdjustment, WalletCommand
from ops.errors import OvertakenError
from schemas.messages.decisions import Decision
from schemas.messages.vocabulary import Outcome
from streams.reconciliation.external.exceptions.workflow import Case, Verb

PREFIX: Final = "writeoff-"


class Teller(Protocol):
    """Whoever hands commands to the ledger."""

    def ask(self, command: WalletCommand) -> Decision:
        """Send a command; return the Decision that first answered its id."""


@dataclass(frozen=True, slots=True)
class Commands:
    """What the ledger is asked for: one proposal, one approval for each who agreed."""

    proposal: WalletCommand
    approvals: tuple[WalletCommand, ...]

    def lines(self) -> list[str]:
        """Return it in words."""
        said = [f"ask the ledger: ProposeAdjustment {self.proposal.command_id}"]
        for each in self.approvals:
            assert isinstance(each.body, ApproveAdjustment), "approvals approve"
            said.append(f"ask the ledger: ApproveAdjustment of it, by {each.body.checker}")
        return said


def commands_of(case: Case) -> Commands:
    """Return the commands of a write-off that is agreed on."""
    terms = case.terms
    assert terms is not None, "what is proposed has its terms"
    number, proposed = next(
        (number, step)
        for number, step in reversed(list(enumerate(case.steps, 1)))
        if step.verb is Verb.PROPOSE
    )
    name = f"{PREFIX}{case.case_id}-{number}"
    body = ProposeAdjustment(
        terms.account,
        case.currency,
        case.amount,
        terms.direction,
        proposed.note,
        case.case_id,
        case.maker,
        None,
    )
    approvals = tuple(
        _command(f"{name}-{place}", terms.wallet_id, ApproveAdjustment(name, each.actor), case)
        for place, each in enumerate(case.approvals, 1)
    )
    return Commands(_command(name, terms.wallet_id, body, case), approvals)


def booked(commands: Commands, teller: Teller) -> str:
    """Ask the ledger; return the journal entry. Raises `OvertakenError` when there is none."""
    _agreed(teller.ask(commands.proposal))
    for each in commands.approvals:
        decision = _agreed(teller.ask(each))
        if decision.entries:
            entry = decision.entries[0]
            return f"{decision.partition}/{decision.sequence}/{entry.index}"
    raise OvertakenError(
        f"{commands.proposal.command_id}: the ledger's policy wants one more to approve it"
    )


def _command(
    command_id: str,
    wallet_id: str,
    body: ProposeAdjustment | ApproveAdjustment,
    case: Case,
) -> WalletCommand:
    return WalletCommand(command_id, wallet_id, case.steps[-1].at, body, (), False)  # noqa: FBT003 - positional like the schema


def _agreed(decision: Decision) -> Decision:
    """Return a Decision that accepted. Raises `OvertakenError`."""
    if decision.outcome is not Outcome.ACCEPTED:
        reason = decision.reason.name if decision.reason else "no reason"
        raise OvertakenError(
            f"the ledger refused {decision.command_id}: {reason} {decision.detail}: "
            "decline the proposal and make another"
        )
    return decision
