"""Acts: what an operator did is written into the log that everybody can check.

Owns: the shape of such a record, and that it lies in the partition of its subject.
Never: changes a row but the one that tells a repeat; judges what was done.

A record has ids only. Who typed a name into one of its fields finds it refused here, because what
is in the log can never be taken out again.
"""

from __future__ import annotations

from typing import Final

from ledger.case import Moment
from ledger.refusal import Refusal
from schemas.messages.control import OperatorAct
from schemas.messages.vocabulary import RejectionReason
from schemas.values import COMMAND_ID, WALLET_ID

HASH_LENGTH: Final = 32


def refusal(moment: Moment, issuer: str, act: OperatorAct) -> Refusal | None:
    """Refuse what is no record of an act, and one that belongs to another partition."""
    field = _unfit(issuer, act)
    if field:
        return Refusal(RejectionReason.MALFORMED_FIELD, field)
    if moment.place.partition_of(act.subject) != moment.place.partition:
        return Refusal(RejectionReason.MISROUTED, act.subject)
    return None


def _unfit(issuer: str, act: OperatorAct) -> str:
    """Return the first field that is not what it must be; empty when all are."""
    named = (("actor", act.actor), ("verb", act.verb), ("outcome", act.outcome))
    for field, text in named:
        if COMMAND_ID.fullmatch(text) is None:
            return f"act.{field}"
    if WALLET_ID.fullmatch(act.subject) is None:
        return "act.subject"
    for field, text in (("role", act.role), ("by", act.by), ("request_id", act.request_id)):
        if text and COMMAND_ID.fullmatch(text) is None:
            return f"act.{field}"
    if act.acted_at <= 0:
        return "act.acted_at"
    if len(act.line_hash) != HASH_LENGTH:
        return "act.line_hash"
    return "" if issuer == act.actor else "issuer"
