"""A case: one input at its instant, with everything it may be judged by.

Owns: `Moment` (view, time, programme, place) and `Case` (a command at a moment, with its wallet).
Never: writes to the view.
"""

from __future__ import annotations

from typing import Final, final

from ledger.errors import present
from ledger.inputs import CommandInput
from ledger.place import Place
from ledger.programme import Programme
from ledger.view import PartitionView
from schemas.messages.commands import Origin
from schemas.messages.rows import WalletRow

NOWHERE: Final = Origin()


@final
class Moment:
    """When and where something is decided, and by which programme; `at` is decided_at."""

    __slots__ = ("at", "place", "programme", "view")

    def __init__(self, view: PartitionView, at: int, programme: Programme, place: Place) -> None:
        self.view: Final = view
        self.at: Final = at
        self.programme: Final = programme
        self.place: Final = place


@final
class Case:
    """A command at its moment; `wallet` is None while it does not exist here."""

    __slots__ = ("command", "given", "moment", "wallet", "wallet_id")

    def __init__(self, moment: Moment, given: CommandInput) -> None:
        command = given.command
        self.moment: Final = moment
        self.given: Final = given
        self.command: Final = command
        self.wallet_id: Final = command.wallet_id
        self.wallet: Final = moment.view.wallets.get(command.wallet_id)

    def owner(self) -> WalletRow:
        """Return the wallet's row, which the state guard has seen."""
        return present(self.wallet, "wallet")

    def origin(self) -> Origin:
        """Return where the command comes from, as far as the caller said."""
        return self.command.origin or NOWHERE
