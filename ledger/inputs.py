"""What the core decides: a readable command, a leg, a control record or a due timer.

Owns: the closed union `Input`. Unreadable and oversize bytes never get here: `streams/wallet`
answers them.
Never: bytes of the wire, except the record key and hashes made from them.
"""

from __future__ import annotations

from typing import Final, final

from schemas.messages.commands import WalletCommand
from schemas.messages.control import Control
from schemas.messages.legs import Leg
from schemas.messages.rows import TimerRow


@final
class CommandInput:
    """A readable command; the hashes of its body are made in `streams/wallet/identity.py`.

    fingerprint: 16 bytes. field_checks: 4 bytes for the type, then 4 a field in schema order.
    """

    __slots__ = ("command", "field_checks", "fingerprint", "key")

    def __init__(
        self, key: bytes, command: WalletCommand, fingerprint: bytes, field_checks: bytes
    ) -> None:
        self.key: Final = key
        self.command: Final = command
        self.fingerprint: Final = fingerprint
        self.field_checks: Final = field_checks


@final
class LegInput:
    """A leg and the first 16 bytes of the SHA-256 of its record value."""

    __slots__ = ("digest", "leg")

    def __init__(self, leg: Leg, digest: bytes) -> None:
        self.leg: Final = leg
        self.digest: Final = digest


@final
class ControlInput:
    """A control record and its record key."""

    __slots__ = ("control", "key")

    def __init__(self, key: bytes, control: Control) -> None:
        self.key: Final = key
        self.control: Final = control


@final
class TimerInput:
    """A due-dated row whose time has come."""

    __slots__ = ("timer",)

    def __init__(self, timer: TimerRow) -> None:
        self.timer: Final = timer


Input = CommandInput | LegInput | ControlInput | TimerInput
