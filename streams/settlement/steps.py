"""The settlement of one partition: the log of Decisions in, commands and papers out.

Owns: what each Decision and each cut-off leads to.
Never: reads a balance. What is payable is the sum of what the log said of it, and every payout is
held against that sum: a difference is a bug, and halts.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, final

from ledger.chart import MERCHANT_DEBT, MERCHANT_PAYABLE, MERCHANT_PENDING, MERCHANT_RESERVE
from schemas.codec import decode, encode
from schemas.messages.decisions import Decision
from schemas.messages.events import MerchantTermsSet, PolicyActivated, TransactionMoved
from schemas.messages.journal import JournalEntry
from schemas.messages.policy import Policy
from schemas.messages.settlement import (
    OrderedRow,
    PayoutInstruction,
    PayoutStatement,
    PlanRow,
    StatementLine,
    TallyRow,
)
from schemas.messages.vocabulary import (
    Outcome,
    PayoutPlan,
    RejectionReason,
    TransactionKind,
    TransactionState,
)
from streams.job_commands import given_by_a_job
from streams.runtime.job import InputRecord, Output
from streams.settlement import orders
from streams.settlement.cutoff import NEVER, next_cutoff
from streams.settlement.tables import ONE, Books
from topics.catalog import INSTRUCTIONS, STATEMENTS

MERCHANTS_OWN: Final = frozenset({MERCHANT_PENDING, MERCHANT_PAYABLE, MERCHANT_RESERVE})
STATED: Final = MERCHANTS_OWN | {"REV.MDR", "REV.DSP", MERCHANT_DEBT}
FREEZE: Final = "F16.1"  # what a statement is about, not a line of it
# It is asked for again at the next cut-off, when there is more, or nothing blocks it any more.
PASSING: Final = frozenset({RejectionReason.AMOUNT_NOT_POSITIVE, RejectionReason.DEBIT_BLOCKED})
CAME_BACK: Final = frozenset({TransactionState.FAILED, TransactionState.REVERSED})


@final
class SettlementSteps:
    """Satisfies `streams.runtime.changelog.Steps`."""

    def __init__(self, books: Books, partition: int, genesis: Policy) -> None:
        self._books: Final = books
        self._partition: Final = partition
        self._genesis: Final = genesis

    def step(self, record: InputRecord) -> Sequence[Output]:
        """Follow one Decision."""
        assert record.value is not None, "the log has no record without a value"
        decision = decode(Decision, record.value)
        outputs: list[Output] = []
        if decision.outcome is Outcome.REJECTED and given_by_a_job(decision):
            self._refused(decision, outputs)
        self._tally(decision)
        for event in decision.events:
            if isinstance(event, TransactionMoved):
                if event.row.kind is TransactionKind.MERCHANT_PAYOUT:
                    self._moved(decision, event, outputs)
            elif isinstance(event, MerchantTermsSet):
                plan, rail = event.terms.payout_plan, event.terms.payout_rail
                self._agree(event.wallet_id, plan, rail, decision.decided_at)
            elif isinstance(event, PolicyActivated):
                self._books.policy.put(ONE, event.policy)
        return outputs

    def fire(self, until: int) -> Sequence[Output] | None:
        """Ask for the payouts of the first cut-off due."""
        first = self._books.cuts.first(1)
        if not first or first[0][0][0] > until:
            return None
        due, wallet_id = first[0][0]
        plan = self._books.plans.get(wallet_id)
        assert plan is not None, f"a cut-off of {wallet_id}, which has no plan"
        self._schedule(wallet_id, plan, due)
        outputs = []
        for currency in self._policy().currencies:
            if self._payable((wallet_id, currency.code)) <= 0:
                continue
            outputs.append(orders.freeze(self._partition, wallet_id, due, currency.code))
            key = wallet_id, orders.payout_id(due, currency.code)
            self._books.ordered.put(key, OrderedRow(due, plan.rail))
        return outputs

    def _policy(self) -> Policy:
        return self._books.policy.get(ONE) or self._genesis

    def _agree(self, wallet_id: str, plan: PayoutPlan, rail: str, at: int) -> None:
        before = self._books.plans.get(wallet_id)
        due = NEVER if before is None else before.due
        self._schedule(wallet_id, PlanRow(plan, rail, due, ""), at)

    def _schedule(self, wallet_id: str, plan: PlanRow, after: int) -> None:
        """Set the next cut-off in the place of the one before."""
        if plan.due != NEVER:
            self._books.cuts.delete((plan.due, wallet_id))
        due = NEVER if plan.stopped else next_cutoff(self._policy(), plan.plan, after)
        if due != NEVER:
            self._books.cuts.put((due, wallet_id), b"")
        self._books.plans.put(wallet_id, PlanRow(plan.plan, plan.rail, due, plan.stopped))

    def _stop(self, wallet_id: str, why: str) -> None:
        """Pay a merchant out no more by itself, until its terms are agreed anew."""
        plan = self._books.plans.get(wallet_id)
        if plan is not None:
            self._schedule(wallet_id, PlanRow(plan.plan, plan.rail, plan.due, why), NEVER)

    def _tally(self, decision: Decision) -> None:
        """Add what the Decision's entries changed at merchants; a freeze is no line of its own."""
        for entry in decision.entries:
            if entry.flow == FREEZE:
                continue
            owners = [each.owner for each in entry.postings if each.account in MERCHANTS_OWN]
            if owners:
                self._state(owners[0], entry, decision.decided_at)

    def _state(self, merchant: str, entry: JournalEntry, at: int) -> None:
        for posting in entry.postings:
            if posting.account not in STATED:
                continue
            key = merchant, posting.currency
            row = self._books.tallies.get(key) or TallyRow(at, ())
            # What is owed is negative in the journal; a statement says it as the merchant does.
            lines = _added(row.lines, entry.flow, posting.account, -posting.amount)
            self._books.tallies.put(key, TallyRow(row.since, lines))

    def _payable(self, key: tuple[str, str]) -> int:
        row = self._books.tallies.get(key)
        lines = () if row is None else row.lines
        return sum([line.minor for line in lines if line.account == MERCHANT_PAYABLE])

    def _moved(self, decision: Decision, event: TransactionMoved, outputs: list[Output]) -> None:
        key = event.wallet_id, event.transaction_id
        ordered, state = self._books.ordered.get(key), event.row.state
        if state in CAME_BACK:
            # Sent again to the same account, it would come back again, each time for a fee.
            self._stop(event.wallet_id, f"{event.transaction_id} came back: {event.reason}")
        if state is TransactionState.PENDING:
            outputs.append(self._statement(decision, event, ordered))
        if ordered is None:
            return
        if state is TransactionState.PENDING:
            at = decision.decided_at
            outputs.append(orders.submit(self._partition, *key, ordered.rail, at))
        elif state is TransactionState.PROCESSING:
            outputs.append(self._instruction(event, ordered))
        else:
            self._books.ordered.delete(key)

    def _statement(
        self, decision: Decision, event: TransactionMoved, ordered: OrderedRow | None
    ) -> Output:
        """Say what a payout is made of, and begin the next one's tally."""
        key = event.wallet_id, event.row.currency
        row = self._books.tallies.get(key)
        assert row is not None, f"payout {event.transaction_id} of {key} out of nothing"
        total = self._payable(key)
        assert total == event.row.amount, (
            f"payout {event.transaction_id} of {key} is {event.row.amount}, its lines add up to "
            f"{total}"
        )
        self._books.tallies.delete(key)
        statement = PayoutStatement(
            event.transaction_id,
            event.wallet_id,
            orders.merchant_of(event.wallet_id),
            event.row.currency,
            0 if ordered is None else ordered.cut_at,
            row.since,
            decision.decided_at,
            event.row.amount,
            row.lines,
        )
        return self._paper(STATEMENTS.name, event.wallet_id, encode(statement))

    def _instruction(self, event: TransactionMoved, ordered: OrderedRow) -> Output:
        row = event.row
        instruction = PayoutInstruction(
            orders.batch_id(self._partition, ordered.cut_at, row.rail, row.currency),
            event.transaction_id,
            event.wallet_id,
            orders.merchant_of(event.wallet_id),
            row.rail,
            row.reference,
            row.currency,
            row.amount - row.fee,
            ordered.cut_at,
        )
        return self._paper(INSTRUCTIONS.name, event.wallet_id, encode(instruction))

    def _paper(self, topic: str, wallet_id: str, value: bytes) -> Output:
        return Output(topic, self._partition, wallet_id.encode(), value)

    def _refused(self, decision: Decision, outputs: list[Output]) -> None:
        """Forget a payout that is not to be; call one off that was not to be handed over."""
        wallet_id, command_id = decision.wallet_id, decision.command_id
        if self._books.ordered.get((wallet_id, command_id)) is not None:
            self._books.ordered.delete((wallet_id, command_id))
            return
        payout = orders.submitted_by(command_id)
        if self._books.ordered.get((wallet_id, payout)) is None:
            return
        outputs.append(orders.cancel(self._partition, wallet_id, payout, decision.decided_at))
        reason = decision.reason
        if reason is not None and reason not in PASSING:
            self._stop(wallet_id, f"{payout} was not handed over: {reason.name} {decision.detail}")


def _added(
    lines: tuple[StatementLine, ...], flow: str, account: str, minor: int
) -> tuple[StatementLine, ...]:
    """Return the lines with one more entry of a flow in an account."""
    found = [line for line in lines if (line.flow, line.account) == (flow, account)]
    if not found:
        return (*lines, StatementLine(flow, account, 1, minor))
    (line,) = found
    added = StatementLine(flow, account, line.count + 1, line.minor + minor)
    return tuple([added if each is line else each for each in lines])
