"""The sandbox as a client sees it: a producer, readers of results, a clock, and a look inside.

Owns: seeded wallets, reset, and what a magic amount does instead of being decided.
Never: answers like the ledger where the ledger can: everything else is decided.
"""

from __future__ import annotations

from collections.abc import Mapping
from threading import Lock
from typing import TYPE_CHECKING, Final, final

from typing_extensions import override

from ingress.sandbox.answers import AnswerTail
from ingress.sandbox.magic import Magic, meaning_of
from ingress.sandbox.world import World
from ingress.sdk.closing import Closing
from ingress.sdk.errors import ClosedError, DeliveryFailedError
from ingress.sdk.fields import check_command
from ingress.sdk.results import ResultReader
from ingress.sdk.sending import Delivered, OnDelivery, Sending, stamp
from schemas.codec import decode
from schemas.messages.commands import ChangeWalletStatus, Command, OpenWallet, TopUp, WalletCommand
from schemas.messages.control import Control
from schemas.messages.decisions import Decision
from schemas.messages.results import Result
from schemas.messages.vocabulary import (
    Authority,
    Outcome,
    RejectionReason,
    Stage,
    StatusAction,
    Tier,
    WalletKind,
)
from topics.catalog import COMMANDS

if TYPE_CHECKING:
    from schemas.messages.policy import Policy, Ruleset
    from schemas.messages.rows import WalletRow

MICROS: Final = 1_000_000
NOON_US: Final = 1_750_075_200 * MICROS  # 2025-06-16 12:00 UTC, a Monday
SLOW_US: Final = 60 * MICROS
DETAIL: Final = "a magic amount of the sandbox"
# Who is there after `seed`: kind, tier, currencies, and minor units of EUR from a card.
SEEDED: Final[Mapping[str, tuple[WalletKind, Tier, tuple[str, ...], int]]] = {
    "ann": (WalletKind.CUSTOMER, Tier.ENHANCED, ("EUR", "USD"), 500_00),
    "ben": (WalletKind.CUSTOMER, Tier.BASIC, ("EUR",), 50_00),
    "nina": (WalletKind.CUSTOMER, Tier.UNVERIFIED, ("EUR",), 0),
    "fred": (WalletKind.CUSTOMER, Tier.BASIC, ("EUR",), 20_00),  # frozen, both ways
    "mart": (WalletKind.MERCHANT, Tier.ENHANCED, ("EUR", "USD"), 0),
}


@final
class SandboxProducer(Sending):
    """Takes commands as `LedgerProducer` does, and decides them at once."""

    def __init__(self, sandbox: Sandbox, partitions: int) -> None:
        self._sandbox: Final = sandbox
        self.partitions: Final = partitions
        self._open = True

    @override
    def now_us(self) -> int:
        """Return the sandbox's time."""
        return self._sandbox.now_us

    @override
    def post(self, command: WalletCommand, on_delivery: OnDelivery, traceparent: str = "") -> None:
        """Decide a complete command; you are called back before this returns. Nobody traces it."""
        del traceparent
        check_command(command)
        if not self._open:
            raise ClosedError("the producer is closed")
        on_delivery(self._sandbox.take(command))

    def flush(self, timeout_s: float = 30.0) -> int:
        """Wait for nothing: everything sent is acknowledged."""
        del timeout_s
        return 0

    @override
    def close(self, timeout_s: float = 30.0) -> None:
        """Take no more."""
        del timeout_s
        self._open = False


class Sandbox(Closing):
    """A ledger in memory. Safe to use from several threads.

    Policy and ruleset are the genesis ones unless given; the clock begins at noon of a Monday.
    """

    def __init__(
        self,
        *,
        partitions: int = 2,
        policy: Policy | None = None,
        ruleset: Ruleset | None = None,
        starts_us: int = NOON_US,
    ) -> None:
        self._lock: Final = Lock()
        self._made: Final = (partitions, starts_us, policy, ruleset)
        self._begin()
        self.producer: Final = SandboxProducer(self, partitions)

    def _begin(self) -> None:
        partitions, starts_us, policy, ruleset = self._made
        self._world = World(partitions, starts_us, policy, ruleset)
        self._late: list[tuple[int, Result]] = []  # when they are told
        # Commands that were refused by their amount: what they were, and the answer.
        self._magic: dict[tuple[str, str], tuple[Command, Result]] = {}

    @property
    def now_us(self) -> int:
        """The time, microseconds since 1970-01-01 UTC."""
        return self._world.now_us

    def reader(self, positions: Mapping[int, int] | None = None) -> ResultReader:
        """Return a reader of results, from `positions` or from now on."""
        return ResultReader("sandbox", tail=AnswerTail(self._world.answers, positions))

    def seed(self) -> tuple[str, ...]:
        """Open wallets to play with, and put money into some; return their ids."""
        for wallet_id, (kind, tier, currencies, minor) in SEEDED.items():
            self._do(wallet_id, OpenWallet(kind, tier, currencies), "open")
            if minor:
                self._do(wallet_id, TopUp("EUR", minor, "card", f"seed-{wallet_id}"), "fill")
        self._do("fred", ChangeWalletStatus(StatusAction.FREEZE_BOTH, Authority.COMPLIANCE), "ice")
        return tuple(SEEDED)

    def wait(self, seconds: float) -> None:
        """Let time pass: what falls due in it happens, and slow answers come."""
        with self._lock:
            self._world.wait(round(seconds * MICROS))
            now = self._world.now_us
            self._world.tell(result for due, result in self._late if due <= now)
            self._late = [each for each in self._late if each[0] > now]

    def reset(self) -> None:
        """Forget everything; readers made before read no more news."""
        with self._lock:
            self._begin()

    def control(self, control: Control) -> None:
        """Let every partition take a control record, such as a policy that is activated."""
        with self._lock:
            self._world.control(control)

    def wallet(self, wallet_id: str) -> WalletRow | None:
        """Return a wallet's row; None for one that was never opened."""
        return self._world.home(wallet_id).view.wallets.get(wallet_id)

    def balance(self, wallet_id: str, currency: str, account: str = "W.AVL") -> int:
        """Return what a wallet has on an account, minor units; 0 for what it never had."""
        row = self.wallet(wallet_id)
        held = () if row is None else row.balances
        of = (each for each in held if (each.account, each.currency) == (account, currency))
        return -sum(each.minor for each in of)

    def decisions(self) -> list[Decision]:
        """Return every Decision, partition after partition."""
        logs = (record for each in self._world.partitions for record in each.log)
        return [decode(Decision, record.value) for record in logs]

    @override
    def close(self) -> None:
        """Take no more commands."""
        self.producer.close()

    def take(self, command: WalletCommand) -> Delivered | DeliveryFailedError:
        """Decide a command, or do what its amount stands for; return its delivery."""
        meaning = meaning_of(command.body)
        if meaning is Magic.LOST:
            home = self._world.home(command.wallet_id).number
            return DeliveryFailedError(command.command_id, COMMANDS.name, home, DETAIL)
        with self._lock:
            known = (command.wallet_id, command.command_id) in self._magic
            if known or isinstance(meaning, RejectionReason) or meaning is Magic.SILENT:
                return self._pretend(command, meaning)
            home_, offset, results = self._world.take(command)
            if meaning is Magic.SLOW:
                due = self._world.now_us + SLOW_US
                self._late += [(due, each) for each in results]
            else:
                self._world.tell(results)
            return self._delivered(command, home_.number, offset)

    def _pretend(
        self, command: WalletCommand, meaning: RejectionReason | Magic | None
    ) -> Delivered:
        home = self._world.home(command.wallet_id)
        identity = (command.wallet_id, command.command_id)
        first = self._magic.get(identity)
        if first is not None:
            self._world.tell([_again(command, *first)])
        elif isinstance(meaning, RejectionReason):
            result = _refused(command, meaning, home.number, self.now_us)
            self._magic[identity] = (command.body, result)
            self._world.tell([result])
        return self._delivered(command, home.number, home.offset(COMMANDS.name))

    def _delivered(self, command: WalletCommand, partition: int, offset: int) -> Delivered:
        return Delivered(command.command_id, COMMANDS.name, partition, offset, self.now_us)

    def _do(self, wallet_id: str, body: Command, what: str) -> None:
        """Send a command of the seed, which nothing may refuse."""
        command = stamp(wallet_id, body, command_id=f"seed-{what}", issued_at_us=self.now_us)
        with self._lock:
            _, _, results = self._world.take(command)
            self._world.tell(results)
        assert results[-1].outcome is not Outcome.REJECTED, results[-1]


def _refused(command: WalletCommand, reason: RejectionReason, home: int, now_us: int) -> Result:
    """Return a refusal that no Decision stands behind: its sequence is 0."""
    return Result(
        command.wallet_id,
        command.command_id,
        Outcome.REJECTED,
        reason,
        DETAIL,
        Stage.FINAL,
        home,
        0,
        None,
        now_us,
    )


def _again(command: WalletCommand, body: Command, first: Result) -> Result:
    """Return what a command is told whose id was refused before."""
    fields = {name: getattr(first, name) for name in Result.__match_args__}
    if command.body == body:
        return Result(**{**fields, "outcome": Outcome.DUPLICATE, "duplicate_of": first.sequence})
    return Result(**{**fields, "reason": RejectionReason.IDEMPOTENCY_MISMATCH})
