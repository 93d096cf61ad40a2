"""Flags: what the risk job told a wallet, and the features that look at it.

Owns: RiskFlag, FR20 and FR22, by a look at every flag that was taken.
Never: counts across wallets; knows bands, weights or actions.
"""

from __future__ import annotations

from hashlib import sha256
from typing import Final

from ops.auditor.answer import ACCEPTED, Answer
from ops.auditor.books import Books, Wallet
from ops.auditor.kept import Told
from ops.auditor.limits import DAY_US
from schemas.messages.control import Control, RiskFlag
from schemas.messages.vocabulary import Authentication, FlagKind, Outcome, RejectionReason
from schemas.values import COMMAND_ID, WALLET_ID

REMEMBERED: Final = 16
DIGITS: Final = frozenset("0123456789abcdef")
SUBJECT_LENGTH: Final = 32
LONGEST_US: Final = 35 * DAY_US
LARGEST: Final = 10**6
DEVICE, CARD = FlagKind.DEVICE_PARTIES, FlagKind.INSTRUMENT_PARTIES


def take(books: Books, control: Control, body: RiskFlag) -> Answer:
    """Take a flag that is later than what was told before and that still holds."""
    why = _refused(books, control, body)
    if why is not None:
        return Answer(Outcome.REJECTED, why)
    told, flag = books.wallets[body.wallet_id].told, body.flag
    name = f"{flag.kind.name} {flag.subject}"
    # Of what is over some is remembered until something else is told, as that is when it is lost.
    later = name not in told or flag.as_of > told[name].as_of
    if later and flag.expires_at > books.at:
        told.pop(name, None)
        for each in [each for each in told if told[each].until <= books.at]:
            del told[each]
        told[name] = Told(flag.value, flag.as_of, flag.expires_at)
        while len(told) > REMEMBERED:
            del told[next(iter(told))]
    return ACCEPTED


def _refused(books: Books, control: Control, body: RiskFlag) -> RejectionReason | None:
    flag, lasts = body.flag, body.flag.expires_at - body.flag.as_of
    good = (
        control.issuer == "risk-job",
        COMMAND_ID.fullmatch(control.control_id),
        WALLET_ID.fullmatch(body.wallet_id),
        flag.kind in (DEVICE, CARD),
        len(flag.subject) == SUBJECT_LENGTH and set(flag.subject) <= DIGITS,
        0 <= flag.value <= LARGEST,
        0 < flag.window_s <= LONGEST_US // 1_000_000,
        0 < lasts <= LONGEST_US,
    )
    if not all(good):
        return RejectionReason.MALFORMED_FIELD
    if books.partition_of(body.wallet_id) != books.partition:
        return RejectionReason.MISROUTED
    return None if body.wallet_id in books.wallets else RejectionReason.UNKNOWN_WALLET


def flagged(books: Books, wallet: Wallet) -> dict[str, int | None]:
    """Return the features; None = nobody told anything of it."""
    said, told = books.origin, wallet.told
    name = f"{DEVICE.name} {_named(said.device_id)}"
    known = {each: one.value for each, one in told.items() if one.until > books.at}
    of_device = known.get(name) if said.device_id else 0
    unproven = said.authentication is not Authentication.STRONG
    of_cards = [value for each, value in known.items() if each.startswith(CARD.name)]
    recent = [each for each in wallet.received if each.instrument]
    has_card = any(each.at > books.at - 7 * DAY_US for each in recent)
    return {
        "device_parties": of_device,
        "unproven_device_parties": (of_device or 0) if unproven else 0,
        "instrument_parties": max(of_cards, default=None if has_card else 0),
    }


def _named(device_id: str) -> str:
    return sha256(b"%s\0%s" % (DEVICE.name.encode(), device_id.encode())).hexdigest()[:32]
