"""Beside: a candidate ruleset asked about each command that the live one was asked about.

Owns: `Beside`, which looks at the state before each Decision, and `Compared`, what both sets said.
Never: writes to a view; what follows is what the log says.

A Decision without an assessment never came as far as the fraud rules. No ruleset changes that:
they are asked last, so the candidate is not asked either. Nor is it about a dry run, which a shadow
is not asked about.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, final

from ledger.decider import decide
from ledger.errors import InvariantError
from ledger.inputs import CommandInput
from ledger.place import Place
from ledger.view import ONE, PartitionView
from schemas.messages.commands import BulkTransfer, CaptureHold, Command, IncrementHold
from schemas.messages.decisions import Decision, RiskAssessment
from schemas.messages.policy import Policy, Ruleset
from streams.runtime.job import InputRecord
from streams.wallet.catalogued import INPUT_TOPICS
from streams.wallet.genesis import Programmes
from streams.wallet.reading import read


@dataclass(frozen=True, slots=True)
class Compared:
    """One command and what the two sets said; `amount` is what it wanted to pay, minor units."""

    partition: int
    sequence: int
    wallet_id: str
    command_id: str
    currency: str
    amount: int
    live: RiskAssessment
    candidate: RiskAssessment


@final
class Beside:
    """Asks the candidate in a range of time (microseconds, `until` not inside)."""

    def __init__(
        self, policy: Policy, candidate: Ruleset, since: int | None, until: int | None
    ) -> None:
        """Take the policy until the first ACTIVATE; later ones are found in the log."""
        self._programmes: Final = Programmes(policy, candidate)
        self._since: Final = since
        self._until: Final = until
        self.decisions = 0
        self.first_at: int | None = None
        self.last_at: int | None = None
        self.compared: Final[list[Compared]] = []

    def look(
        self, view: PartitionView, place: Place, record: InputRecord, decision: Decision
    ) -> None:
        """Decide a recorded command by the candidate, before its Decision changes the state."""
        live = decision.risk
        if live is None or decision.dry_run is not None:
            return
        if not self._is_inside(decision.decided_at):
            return
        given = read(record, INPUT_TOPICS[record.topic], place)
        if not isinstance(given, CommandInput):
            raise InvariantError("only commands are asked about")
        current = self._programmes.current(view.policy.get(ONE), None)
        verdict = decide(view, given, decision.decided_at, current.programme, place)
        if verdict.risk is None:
            raise InvariantError("the candidate is asked where the live set was")
        wallet_id, body = decision.wallet_id, given.command.body
        currency, amount = stake_of(view, wallet_id, body)
        place_of = (decision.partition, decision.sequence, wallet_id, decision.command_id)
        self.compared.append(Compared(*place_of, currency, amount, live, verdict.risk))

    def count(self, decision: Decision) -> None:
        """Note a Decision and its time, whatever it is about."""
        at = decision.decided_at
        self.first_at = at if self.first_at is None else min(self.first_at, at)
        self.last_at = at if self.last_at is None else max(self.last_at, at)
        self.decisions += self._is_inside(at)

    def _is_inside(self, at: int) -> bool:
        since, until = self._since, self._until
        return (since is None or since <= at) and (until is None or at < until)


def stake_of(view: PartitionView, wallet_id: str, body: Command) -> tuple[str, int]:
    """Return what a command wanted to pay or to reserve, without its fee.

    Of a bulk it is what it wanted to pay in the currency of its first item.
    """
    if isinstance(body, BulkTransfer):
        code = body.items[0].currency
        return code, sum(item.amount for item in body.items if item.currency == code)
    if isinstance(body, CaptureHold | IncrementHold):
        row = view.holds.get((wallet_id, body.hold_id))
        if row is None:
            raise InvariantError("a hold that grew is there")
        rest = row.authorized - row.captured - row.released
        beyond = body.amount - rest if isinstance(body, CaptureHold) else body.amount
        return row.currency, beyond
    currency = getattr(body, "currency", None) or getattr(body, "from_currency", None)
    amount = getattr(body, "sell_amount", None) or getattr(body, "amount", None)
    if currency is None or amount is None:
        raise InvariantError(f"{type(body).__name__} names no amount")
    return currency, amount
