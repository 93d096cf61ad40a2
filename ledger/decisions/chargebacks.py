"""Chargebacks: a scheme takes a top-up by card back, or tries to.

Owns: flows F10.1, F10.5 and F10b.4.
Never: the scheme's and the bank's side (F10.2 to F10.4, F10.6), which is the treasury's.

The advice puts a lien on as much as W.AVL has: `reserve` of the transaction. Chosen here, where the
catalogue is silent: what is missing is asked for only when the chargeback is lost, then from W.AVL
as far as it goes, and the rest becomes a debt; so nobody owes us anything while the outcome is
open. Several chargebacks of one top-up together never exceed it, those that were won not counted.
A lost one gives no incoming limits back: it is fraud more often than a correction.
"""

from __future__ import annotations

from ledger.begun import known
from ledger.case import Case
from ledger.catalogue import posted
from ledger.debts import covered
from ledger.decisions.room import no_room
from ledger.decisions.transactions import changed, moved, row_of
from ledger.guards.chargebacks import Body, top_up_of
from ledger.refusal import accepted, rejected
from ledger.verdict import Verdict
from schemas.messages.commands import AdviseChargeback, ResolveChargeback
from schemas.messages.events import EntryPosted, TopUpChargedBack
from schemas.messages.rows import TransactionRow
from schemas.messages.vocabulary import TransactionKind, TransactionState


def act(case: Case, body: Body) -> Verdict:
    """Return the verdict of a command of this family."""
    if isinstance(body, AdviseChargeback):
        return _advise(case, body)
    return _resolve(case, body)


def _advise(case: Case, body: AdviseChargeback) -> Verdict:
    currency = top_up_of(case, body).currency
    lien = covered(case.owner(), currency, body.amount)
    row = row_of(
        TransactionKind.CHARGEBACK,
        currency,
        body.amount,
        reserve=lien,
        rail=body.rail,
        reference=body.ext_ref,
    )
    subject = (case.wallet_id, case.command.command_id)
    taken = TopUpChargedBack(case.wallet_id, body.rail, body.ext_ref, body.amount)
    pending = moved(subject, row, TransactionState.PENDING)
    return accepted((*pending, taken, *_lien(subject, row, "F10.1")))


def _resolve(case: Case, body: ResolveChargeback) -> Verdict:
    row = known(case, body.chargeback_id)
    return _win(case, body, row) if body.won else _lose(case, body, row)


def _win(case: Case, body: ResolveChargeback, row: TransactionRow) -> Verdict:
    subject = (case.wallet_id, body.chargeback_id)
    path = (TransactionState.PROCESSING, TransactionState.REVERSED)
    after = changed(row, refunded=row.amount, reserve=0)
    kept = TopUpChargedBack(case.wallet_id, row.rail, row.reference, -row.amount)
    won = moved(subject, after, *path, reason="won")
    return accepted((*won, kept, *_lien(subject, row, "F10b.4")))


def _lose(case: Case, body: ResolveChargeback, row: TransactionRow) -> Verdict:
    subject = (case.wallet_id, body.chargeback_id)
    missing = row.amount - row.reserve
    there = covered(case.owner(), row.currency, missing)
    entry = posted(
        "F10.5",
        subject,
        row.currency,
        {"wallet": case.wallet_id, "rail": row.rail},
        {
            "amount": row.amount,
            "lien": row.reserve,
            "covered": there,
            "short": missing - there,
        },
    )
    full = no_room(case.moment, entry)
    if full is not None:
        return rejected(full)
    path = (TransactionState.PROCESSING, TransactionState.COMPLETED)
    after = changed(row, done=row.amount, reserve=0)
    return accepted((*moved(subject, after, *path, reason="lost"), entry))


def _lien(subject: tuple[str, str], row: TransactionRow, flow: str) -> tuple[EntryPosted, ...]:
    """Return the entry that puts the lien on or takes it off; none when nothing was there."""
    if row.reserve == 0:
        return ()
    amounts = {"amount": row.reserve}
    return (posted(flow, subject, row.currency, {"wallet": subject[0]}, amounts),)
