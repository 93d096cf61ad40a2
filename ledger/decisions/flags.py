"""Flags: the risk job says what it counted.

Owns: the guards of a RiskFlag, and that one which is not later than what is known changes nothing.
Never: writes a control row: flags are many, and the time of the latest one tells a repeat.

Order: the job's name, shape, home, wallet. No status of a wallet keeps it from being told.
"""

from __future__ import annotations

import re
from typing import Final

from ledger.case import Moment
from ledger.flags import FLAG_LIFE_US, FLAGGER, NOTHING, known
from ledger.refusal import Refusal, accepted, rejected
from ledger.verdict import Verdict
from schemas.messages.control import Control, RiskFlag
from schemas.messages.events import RiskFlagged
from schemas.messages.rows import LiveFlag
from schemas.messages.vocabulary import FlagKind, RejectionReason
from schemas.values import COMMAND_ID, WALLET_ID

SUBJECT: Final = re.compile("[0-9a-f]{32}")
VALUE_MAX: Final = 1_000_000


def receive(moment: Moment, control: Control, body: RiskFlag) -> Verdict:
    """Take a flag of a wallet that lives here."""
    refusal = _unfit(control, body) or _homeless(moment, body.wallet_id)
    if refusal is not None:
        return rejected(refusal)
    profile = moment.view.profiles.get(body.wallet_id)
    flag = body.flag
    earlier = known(NOTHING if profile is None else profile.flags, flag.kind, flag.subject)
    is_late = earlier is not None and flag.as_of <= earlier.as_of
    if is_late or flag.expires_at <= moment.at:
        return accepted(())
    return accepted((RiskFlagged(body.wallet_id, flag),))


def _unfit(control: Control, body: RiskFlag) -> Refusal | None:
    """Refuse what somebody else sent, and what the job cannot have meant."""
    if control.issuer != FLAGGER:
        return _malformed("issuer")
    if COMMAND_ID.fullmatch(control.control_id) is None:
        return _malformed("control_id")
    if WALLET_ID.fullmatch(body.wallet_id) is None:
        return _malformed("wallet_id")
    return _unfit_flag(body.flag)


def _unfit_flag(flag: LiveFlag) -> Refusal | None:
    if flag.kind is FlagKind.NONE:
        return _malformed("flag.kind")
    if SUBJECT.fullmatch(flag.subject) is None:
        return _malformed("flag.subject")
    if not 0 <= flag.value <= VALUE_MAX:
        return _malformed("flag.value")
    if not 0 < flag.window_s * 1_000_000 <= FLAG_LIFE_US:
        return _malformed("flag.window_s")
    if not 0 < flag.expires_at - flag.as_of <= FLAG_LIFE_US:
        return _malformed("flag.expires_at")
    return None


def _homeless(moment: Moment, wallet_id: str) -> Refusal | None:
    if moment.place.partition_of(wallet_id) != moment.place.partition:
        return Refusal(RejectionReason.MISROUTED, wallet_id)
    if moment.view.wallets.get(wallet_id) is None:
        return Refusal(RejectionReason.UNKNOWN_WALLET, wallet_id)
    return None


def _malformed(field: str) -> Refusal:
    return Refusal(RejectionReason.MALFORMED_FIELD, field)
