"""Reading: the bytes of an input record become an `Input` of the core, or a refusal.

Owns: which bytes are readable and small enough, and the shape of ids, which become keys of tables.
Never: looks at state.
"""

from __future__ import annotations

from hashlib import sha256
from typing import Final, final

from ledger.errors import InvariantError
from ledger.inputs import CommandInput, ControlInput, Input, LegInput
from ledger.place import Place
from schemas.codec import CodecError, decode
from schemas.messages.commands import WalletCommand
from schemas.messages.control import Control
from schemas.messages.legs import Leg
from schemas.messages.vocabulary import InputTopic, RejectionReason
from schemas.values import COMMAND_ID, WALLET_ID
from streams.runtime.job import InputRecord
from streams.wallet.identity import identify

MAX_VALUE_BYTES: Final = 65_536
DIGEST_BYTES: Final = 16
MAX_ID_CHARS: Final = 256  # four times what a valid id may have


@final
class Refusal:
    """Why an input never reaches the core. `wallet_id` and `command_id` are empty when unknown."""

    __slots__ = ("command_id", "detail", "dry_run", "reason", "wallet_id")

    def __init__(
        self,
        reason: RejectionReason,
        detail: str,
        wallet_id: str = "",
        command_id: str = "",
        *,
        dry_run: bool = False,
    ) -> None:
        self.reason: Final = reason
        self.detail: Final = detail
        self.wallet_id: Final = wallet_id
        self.command_id: Final = command_id
        self.dry_run: Final = dry_run


def read(record: InputRecord, topic: InputTopic, place: Place) -> Input | Refusal:
    """Read one record. Raises `InvariantError` for an unreadable leg: only we write legs."""
    value = record.value
    if value is None:
        return Refusal(RejectionReason.UNREADABLE, "the record has no value")
    if len(value) > MAX_VALUE_BYTES:
        detail = f"{len(value)} bytes, at most {MAX_VALUE_BYTES} are taken"
        return Refusal(RejectionReason.TOO_LARGE, detail)
    if topic is InputTopic.LEGS:
        return _leg(value, record)
    try:
        if topic is InputTopic.CONTROL:
            return ControlInput(record.key or b"", decode(Control, value))
        return _command(record.key or b"", decode(WalletCommand, value), place)
    except CodecError as error:
        return Refusal(RejectionReason.UNREADABLE, str(error)[:200])


def _leg(value: bytes, record: InputRecord) -> LegInput:
    try:
        return LegInput(decode(Leg, value), sha256(value).digest()[:DIGEST_BYTES])
    except CodecError as error:
        what = f"unreadable leg at {record.topic}[{record.partition}] offset {record.offset}"
        message = f"{what}: {error}"
        raise InvariantError(message) from error


def _command(key: bytes, command: WalletCommand, place: Place) -> CommandInput | Refusal:
    if not WALLET_ID.fullmatch(command.wallet_id):
        return _malformed("wallet_id", key, command, place)
    if not COMMAND_ID.fullmatch(command.command_id):
        return _malformed("command_id", key, command, place)
    fingerprint, checks = identify(command.body, command.conditions)
    return CommandInput(key, command, fingerprint, checks)


def _malformed(field: str, key: bytes, command: WalletCommand, place: Place) -> Refusal:
    """Refuse an id that cannot be a key of a table; route and record key still come first.

    The ids are kept, as far as they are short, so that whoever chose them is answered.
    """
    wallet_id, command_id, dry = command.wallet_id, command.command_id, command.dry_run
    home = place.partition_of(wallet_id)
    ids = wallet_id[:MAX_ID_CHARS], command_id[:MAX_ID_CHARS]
    if home != place.partition:
        where = f"belongs to partition {home}"
        return Refusal(RejectionReason.MISROUTED, where, *ids, dry_run=dry)
    if key != wallet_id.encode():
        return Refusal(RejectionReason.KEY_MISMATCH, "key", *ids, dry_run=dry)
    return Refusal(RejectionReason.MALFORMED_FIELD, field, *ids, dry_run=dry)
