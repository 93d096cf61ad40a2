"""Fields: ids and short texts.

Owns: what they look like.
Never: looks at a wallet.
"""

from __future__ import annotations

from ops.auditor.answer import Refused
from schemas.messages.commands import Origin
from schemas.messages.vocabulary import RejectionReason
from schemas.values import COMMAND_ID, COUNTRY, MCC, WALLET_ID

TEXT_MAX = 64


def check_id(text: str) -> None:
    """Refuse what is not an id."""
    if not COMMAND_ID.fullmatch(text):
        raise Refused(RejectionReason.MALFORMED_FIELD)


def check_text(text: str) -> None:
    """Refuse what is not 1 to 64 printable characters."""
    if not 1 <= len(text) <= TEXT_MAX or not text.isprintable():
        raise Refused(RejectionReason.MALFORMED_FIELD)


def check_origin(origin: Origin) -> None:
    """Refuse a part that is said and cannot be one."""
    for each in filter(None, (origin.instrument, origin.device_id)):
        check_text(each)
    for said, form in ((origin.country, COUNTRY), (origin.mcc, MCC)):
        if said and not form.fullmatch(said):
            raise Refused(RejectionReason.MALFORMED_FIELD)


def check_payment_id(text: str) -> None:
    """Refuse what does not name a payment: who paid, and by which command."""
    names = text.split("/")
    if len(names) != 2 or not all(WALLET_ID.fullmatch(each) for each in names):  # noqa: PLR2004
        raise Refused(RejectionReason.MALFORMED_FIELD)
