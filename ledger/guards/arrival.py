"""Arrival: is this the right partition, the right key, and is the command new?

Owns: MISROUTED, KEY_MISMATCH, duplicates and IDEMPOTENCY_MISMATCH, by the identity rows.
Never: looks into the body beyond its hashes. Identity rows are written by `ledger.fold`.
"""

from __future__ import annotations

from typing import Final

from ledger.case import Case
from ledger.content import CONTENT_FIELDS
from ledger.inputs import CommandInput
from ledger.refusal import Refusal, rejected
from ledger.verdict import Verdict
from ledger.windows import DAY_US
from schemas.messages.rows import IdentityRow
from schemas.messages.vocabulary import Outcome, RejectionReason

# A day longer than a command may be old: an expired row can never let a repeat through.
IDENTITY_KEPT_US: Final = 35 * DAY_US
CHECK_BYTES: Final = 4


def check(case: Case) -> Refusal | None:
    """Refuse a command that another partition decides, or whose record key is another wallet."""
    place = case.moment.place
    wallet_id = case.wallet_id
    if case.wallet is None and place.partition_of(wallet_id) != place.partition:
        return Refusal(RejectionReason.MISROUTED, wallet_id)
    if case.given.key != wallet_id.encode():
        return Refusal(RejectionReason.KEY_MISMATCH, "key")
    return None


def repeat(case: Case) -> Verdict | None:
    """Answer a command id used before: the earlier outcome, or a refusal of other content."""
    moment = case.moment
    row = moment.view.identities.get((case.wallet_id, case.command.command_id))
    if row is None or moment.at - row.decided_at >= IDENTITY_KEPT_US:
        return None
    if row.fingerprint != case.given.fingerprint:
        differing = _differing_field(case.given, row)
        return rejected(Refusal(RejectionReason.IDEMPOTENCY_MISMATCH, differing))
    return Verdict(Outcome.DUPLICATE, (), row.reason, row.detail, row.stage, row.sequence, None)


def _differing_field(given: CommandInput, row: IdentityRow) -> str:
    """Name the first body field whose check differs; `body` for another type of command."""
    ours = given.field_checks
    theirs = row.field_checks
    if ours[:CHECK_BYTES] != theirs[:CHECK_BYTES]:
        return "body"
    end = CHECK_BYTES
    for index, name in enumerate(CONTENT_FIELDS[type(given.command.body).__name__], 1):
        start, end = index * CHECK_BYTES, (index + 1) * CHECK_BYTES
        if ours[start:end] != theirs[start:end]:
            return name
    if ours[end:] != theirs[end:]:
        return "conditions"
    return "body"  # two contents with equal checks: a collision of 32 bits
