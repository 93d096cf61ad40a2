"""Claims: money sent to somebody who has no wallet yet.

Owns: sending it into a claim, handing it over once there is a wallet, and taking it back.
Never: limits a claim twice: what was sent counts at once, and is given back when nobody took it.

A recipient whose wallet refuses leaves the claim open until its time is over.
"""

from __future__ import annotations

from ledger.case import Case
from ledger.catalogue import posted
from ledger.chart import CLAIM
from ledger.decisions import travel
from ledger.decisions.landings import claim_taken, thing_of
from ledger.decisions.outgoing import attempted, cleared, consumed, consumption_of
from ledger.decisions.payment import Payment
from ledger.decisions.transactions import NOTHING_CONSUMED, changed, moved, row_of
from ledger.errors import present
from ledger.outgoing import Intent
from ledger.refusal import Refusal, accepted, rejected
from ledger.verdict import Verdict
from ledger.view import WalletKey
from schemas.messages.commands import AcceptClaim, CancelClaim, SendToAlias
from schemas.messages.decisions import Event
from schemas.messages.events import OutflowGivenBack
from schemas.messages.rows import TransactionRow
from schemas.messages.vocabulary import (
    OutflowFamily,
    Purpose,
    Stage,
    TransactionKind,
    TransactionState,
)


def act(case: Case, body: SendToAlias | AcceptClaim | CancelClaim) -> Verdict:
    """Return the verdict of a command about a claim."""
    if isinstance(body, SendToAlias):
        return _send(case, body)
    key = (case.wallet_id, body.claim_id)
    row = present(case.moment.view.transactions.get(key), "claim")
    if isinstance(body, AcceptClaim):
        return _hand_over(case, key, row, body.to_wallet_id)
    return _taken_back(key, row, TransactionState.CANCELLED)


def expire(key: WalletKey, row: TransactionRow) -> Verdict:
    """Take back what nobody claimed in time."""
    return _taken_back(key, row, TransactionState.EXPIRED)


def _send(case: Case, body: SendToAlias) -> Verdict:
    """Counters, limits, funds and fraud decision as for any payment; the payee is the alias."""
    moment = case.moment
    alias = f"alias/{body.alias_hash}"
    intent = Intent(alias, body.currency, body.amount, body.amount, OutflowFamily.P2P)
    outgoing = attempted(case, intent)
    if isinstance(outgoing, Verdict):
        return outgoing
    risk = cleared(case, outgoing)
    if isinstance(risk, Verdict):
        return risk
    key = (case.wallet_id, case.command.command_id)
    row = row_of(
        TransactionKind.P2P_CLAIM,
        body.currency,
        body.amount,
        counterparty=body.alias_hash,
        due=moment.at + moment.programme.claim_ttl_us,
        consumption=consumption_of(outgoing),
    )
    owners = {"wallet": case.wallet_id, "thing": thing_of(key)}
    events: tuple[Event, ...] = (
        consumed(case, intent, outgoing),
        posted("F12.1", key, body.currency, owners, {"amount": body.amount}),
        *moved(key, row, TransactionState.PENDING),
    )
    return accepted(events, Stage.FINAL, risk)


def _hand_over(case: Case, key: WalletKey, row: TransactionRow, to_wallet_id: str) -> Verdict:
    moment = case.moment
    payment = Payment(
        case.command.command_id,
        Purpose.CLAIM,
        key[0],
        to_wallet_id,
        row.currency,
        row.amount,
        0,
        CLAIM,
        None,
        NOTHING_CONSUMED,
        key[1],
    )
    owners = {"thing": thing_of(key), "home": travel.home_of(moment, to_wallet_id)}
    steps = moved(key, changed(row, due=-row.due), TransactionState.PROCESSING)
    left = posted("F12.2", key, row.currency, owners, {"amount": row.amount})
    movement = travel.send(moment, payment, (left, *steps))
    if isinstance(movement, Refusal):
        return rejected(movement)
    if movement.stage is Stage.PENDING:
        return accepted(movement.events, movement.stage)
    return accepted((*movement.events, *claim_taken(key, steps[-1].row)))


def _taken_back(key: WalletKey, row: TransactionRow, state: TransactionState) -> Verdict:
    owners = {"thing": thing_of(key), "wallet": key[0]}
    back = OutflowGivenBack(
        key[0],
        row.entry,
        row.base_amount,
        row.day,
        row.month,
        True,  # noqa: FBT003 - positional like the schema
    )
    after = changed(row, refunded=row.amount, due=0)
    return accepted(
        (
            posted("F12b.2", key, row.currency, owners, {"amount": row.amount}),
            *moved(key, after, state),
            back,
        )
    )
