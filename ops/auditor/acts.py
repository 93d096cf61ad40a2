"""Acts: what an operator did, as the ledger keeps it.

Owns: which record of an act is one, by a second reading of the same rule.
Never: names the wrong field; that is the ledger's own courtesy.
"""

from __future__ import annotations

from hashlib import sha256
from typing import Final

from ops.auditor.books import Books
from schemas.messages.control import Control, OperatorAct
from schemas.messages.vocabulary import RejectionReason
from schemas.values import WALLET_ID

DIGEST: Final = len(sha256().digest())


def refused(books: Books, control: Control, act: OperatorAct) -> RejectionReason | None:
    """Take ids only, signed by who acted, in the partition of the subject."""
    needed = {act.actor, act.verb, act.subject, act.outcome}
    named = {act.role, act.by, act.request_id} - {""}
    good = all(WALLET_ID.fullmatch(each) for each in needed | named)
    if not good or control.issuer != act.actor:
        return RejectionReason.MALFORMED_FIELD
    if len(act.line_hash) != DIGEST or act.acted_at < 1:
        return RejectionReason.MALFORMED_FIELD
    home = books.partition_of(act.subject)
    return None if home == books.partition else RejectionReason.MISROUTED
