"""Postings: every posting of a Decision as one flat record.

Owns: the row function of `ledger.postings.v1`, and its keys.
Never: leaves a posting out, or adds two up.
"""

from __future__ import annotations

from ledger.chart import WALLET_ACCOUNTS
from schemas.currencies import EXPONENTS
from schemas.messages.decisions import Decision
from schemas.messages.facts import PostingFact
from schemas.messages.journal import JournalEntry, Posting
from streams.publish.stamped import Stamp


def postings_of(decision: Decision, stamp: Stamp) -> list[PostingFact]:
    """Return the facts of every posting, in the order of the journal."""
    return [
        _fact(decision, stamp, entry, number, line)
        for entry in decision.entries
        for number, line in enumerate(entry.postings)
    ]


def posting_key(fact: PostingFact) -> str:
    """Return the record key: the wallet, or the address of an account that is no wallet's."""
    return fact.wallet_id or f"{fact.account}:{fact.owner}"


def _fact(
    decision: Decision, stamp: Stamp, entry: JournalEntry, number: int, line: Posting
) -> PostingFact:
    return PostingFact(
        f"{decision.partition}-{decision.sequence}-{entry.index}-{number}",
        decision.partition,
        decision.sequence,
        entry.index,
        number,
        decision.ledger_id,
        decision.command_id,
        entry.flow,
        line.account,
        line.owner,
        line.owner if line.account in WALLET_ACCOUNTS else None,
        line.currency,
        EXPONENTS[line.currency],
        line.amount,
        stamp.day,
        *stamp.times,
    )
