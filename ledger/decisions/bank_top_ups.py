"""Bank top-ups: money that comes by a bank rail, waits, is cleared, and may be taken back.

Owns: flows F2.1 to F2.3, F2b and F2c.4.
Never: the bank's own side (F2.4, F2c.2, F2c.5), which is the treasury's.

A top-up waits in W.PIN. It counts for the incoming limits when it is submitted. The balance cap
refuses none, because the money may be here already: what is over it waits for `kyc`, and its
`reserve` says how much still does. ClearTopUp lets such money in only where the cap has room.

What a rail takes back it takes from W.PIN while it is there, else from W.AVL, and what W.AVL cannot
cover becomes a debt. A top-up returned while it was pending has FAILED, later it is REVERSED; both
give the incoming limits back.
"""

from __future__ import annotations

from typing import Final

from ledger.begun import known
from ledger.case import Case
from ledger.catalogue import posted
from ledger.debts import covered
from ledger.decisions.incoming import cap_refusal, consume_waiting
from ledger.decisions.payment import Consumption
from ledger.decisions.room import no_room
from ledger.decisions.transactions import amended, changed, moved, row_of
from ledger.guards.bank_top_ups import Body
from ledger.refusal import Refusal, accepted, rejected
from ledger.verdict import Verdict
from schemas.messages.commands import ClearTopUp, ReturnTopUp, SubmitBankTopUp
from schemas.messages.events import EntryPosted, InflowConsumed, InflowGivenBack, ReferenceTaken
from schemas.messages.rows import TransactionRow
from schemas.messages.vocabulary import TransactionKind, TransactionState

CLEARING: Final = "clearing"
OVER_CAP: Final = "kyc"
NO_ENTRY: Final = -1  # an inflow has no entry in the log of outgoing attempts


def act(case: Case, body: Body) -> Verdict:
    """Return the verdict of a command of this family."""
    if isinstance(body, SubmitBankTopUp):
        return _submit(case, body)
    if isinstance(body, ClearTopUp):
        return _clear(case, body)
    return _take_back(case, body)


def _submit(case: Case, body: SubmitBankTopUp) -> Verdict:
    admitted = consume_waiting(
        case.moment, case.wallet_id, case.owner(), body.currency, body.amount
    )
    if isinstance(admitted, Refusal):
        return rejected(admitted)
    consumed, over_cap = admitted
    row = _row(body, consumed, body.amount if over_cap else 0)
    subject = (case.wallet_id, case.command.command_id)
    entry = _entry(subject, row, "F2.1", {"amount": body.amount})
    full = no_room(case.moment, entry)
    if full is not None:
        return rejected(full)
    reason = OVER_CAP if over_cap else CLEARING
    taken = ReferenceTaken(
        case.wallet_id, body.rail, body.ext_ref, subject[1], body.currency, body.amount
    )
    pending = moved(subject, row, TransactionState.PENDING, reason=reason)
    return accepted((consumed, *pending, taken, entry))


def _row(body: SubmitBankTopUp, consumed: InflowConsumed, over_cap: int) -> TransactionRow:
    return row_of(
        TransactionKind.TOPUP_BANK,
        body.currency,
        body.amount,
        reserve=over_cap,
        rail=body.rail,
        reference=body.ext_ref,
        consumption=Consumption(NO_ENTRY, consumed.day, consumed.month, consumed.base_amount),
    )


def _clear(case: Case, body: ClearTopUp) -> Verdict:
    """Make all that waits available, or part of it before its time."""
    row = known(case, body.transaction_id)
    rest = row.amount - row.done
    if row.reserve > 0:
        refusal = cap_refusal(case.moment, case.owner(), row.currency, body.amount, rest)
        if refusal is not None:
            return rejected(refusal)
    subject = (case.wallet_id, body.transaction_id)
    left = max(0, row.reserve - body.amount)
    after = changed(row, done=row.done + body.amount, reserve=left)
    amounts = {"amount": body.amount}
    if body.amount < rest:
        return accepted((amended(subject, after), _entry(subject, row, "F2.2", amounts)))
    path = (TransactionState.PROCESSING, TransactionState.COMPLETED)
    return accepted((*moved(subject, after, *path), _entry(subject, row, "F2.3", amounts)))


def _take_back(case: Case, body: ReturnTopUp) -> Verdict:
    """Take what still waits from W.PIN, and what was released from wherever it is."""
    row = known(case, body.transaction_id)
    subject = (case.wallet_id, body.transaction_id)
    entries: list[EntryPosted] = []
    if row.done < row.amount:
        entries.append(_entry(subject, row, "F2b.2", {"amount": row.amount - row.done}))
    if row.done > 0:
        there = covered(case.owner(), row.currency, row.done)
        split = {"amount": row.done, "covered": there, "short": row.done - there}
        entries.append(_entry(subject, row, "F2c.4", split))
    full = no_room(case.moment, *entries)
    if full is not None:
        return rejected(full)
    pending = row.state is TransactionState.PENDING
    end = TransactionState.FAILED if pending else TransactionState.REVERSED
    after = changed(row, refunded=row.amount, reserve=0)
    back = InflowGivenBack(case.wallet_id, row.base_amount, row.day, row.month)
    ended = moved(subject, after, end, reason=body.reason_code)
    return accepted((*ended, back, *entries))


def _entry(
    subject: tuple[str, str], row: TransactionRow, flow: str, amounts: dict[str, int]
) -> EntryPosted:
    owners = {"wallet": subject[0], "rail": row.rail}
    return posted(flow, subject, row.currency, owners, amounts)
