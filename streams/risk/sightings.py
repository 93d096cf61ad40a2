"""Sightings: what a Decision says of devices and cards that others may use too.

Owns: what counts as a use: a command that was accepted, or an attempt to pay that counts as one.
Never: counts.
"""

from __future__ import annotations

from ledger.flags import subject_of
from ledger.results import COMMAND_TOPICS
from schemas.codec import decode
from schemas.messages.commands import WalletCommand
from schemas.messages.decisions import Decision, InputSource
from schemas.messages.events import InflowConsumed
from schemas.messages.risk import Sighting
from schemas.messages.vocabulary import FlagKind


def sightings_of(decision: Decision) -> list[Sighting]:
    """Return them; what changed nothing, such as a dry run or a repeat, is no use of anything."""
    if not decision.events:
        return []
    found = []
    device_id = _device_of(decision)
    if device_id:
        found.append(_seen(FlagKind.DEVICE_PARTIES, device_id, decision.wallet_id, decision))
    for event in decision.events:
        if isinstance(event, InflowConsumed) and event.instrument:
            kind = FlagKind.INSTRUMENT_PARTIES
            found.append(_seen(kind, event.instrument, event.wallet_id, decision))
    return found


def _device_of(decision: Decision) -> str:
    source = decision.source
    if not isinstance(source, InputSource) or source.topic not in COMMAND_TOPICS:
        return ""
    origin = decode(WalletCommand, decision.input).origin
    return "" if origin is None else origin.device_id


def _seen(kind: FlagKind, name: str, wallet_id: str, decision: Decision) -> Sighting:
    return Sighting(kind, subject_of(kind, name), wallet_id, decision.decided_at)
