"""World: the partitions of a sandbox, the legs between them, and the clock over them.

Owns: that everything a command sets off has happened when it was taken, and that timers fire in
their order when time passes.
Never: threads; whoever calls holds the lock.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final, final

from ingress.sandbox.answers import Answers
from ingress.sandbox.partition import SandboxPartition
from schemas.codec import decode, encode
from schemas.messages.results import Result
from streams.wallet.job import WalletJob
from topics.catalog import COMMANDS, CONTROL, LEGS, RESULTS
from topics.partitioning import partition_of

if TYPE_CHECKING:
    from schemas.messages.commands import WalletCommand
    from schemas.messages.control import Control
    from schemas.messages.policy import Policy, Ruleset
    from streams.runtime.job import Output

LEDGER_ID: Final = "sandbox"


@final
class World:
    """A ledger at rest between two calls."""

    def __init__(
        self, partitions: int, now_us: int, policy: Policy | None, ruleset: Ruleset | None
    ) -> None:
        job = WalletJob(LEDGER_ID, partitions, policy, ruleset)
        self.partitions: Final = [SandboxPartition(job, number) for number in range(partitions)]
        self.answers: Final = Answers(partitions)
        self.now_us = now_us

    def home(self, wallet_id: str) -> SandboxPartition:
        """Return the partition of a wallet."""
        return self.partitions[partition_of(wallet_id, len(self.partitions))]

    def take(self, command: WalletCommand) -> tuple[SandboxPartition, int, list[Result]]:
        """Decide a command and all that follows at once; return where it lies, and its answers."""
        home, key = self.home(command.wallet_id), command.wallet_id.encode()
        offset = home.offset(COMMANDS.name)
        outputs = home.take(COMMANDS.name, key, encode(command), self.now_us)
        return home, offset, self._carry(outputs)

    def control(self, control: Control) -> None:
        """Let every partition take a control record."""
        value = encode(control)
        for each in self.partitions:
            self.tell(self._carry(each.take(CONTROL.name, b"%d" % each.number, value, self.now_us)))

    def wait(self, micros: int) -> None:
        """Let time pass, and everything that is due in it happen when it is."""
        until = self.now_us + micros
        while (first := self._first(until)) is not None:
            due, partition = first
            self.now_us = max(self.now_us, due)
            self.tell(self._carry(partition.fire(self.now_us)))
        self.now_us = until

    def tell(self, results: Iterable[Result]) -> None:
        """Put results on their topic."""
        for each in results:
            self.answers.add(each.partition, each)

    def _first(self, until: int) -> tuple[int, SandboxPartition] | None:
        due = [(each.due, each.number) for each in self.partitions]
        waiting = [(at, number) for at, number in due if at is not None and at <= until]
        if not waiting:
            return None
        at, number = min(waiting)
        return at, self.partitions[number]

    def _carry(self, outputs: Iterable[Output]) -> list[Result]:
        """Bring legs where they go until none is left; return the results on the way."""
        way, results = deque(outputs), []
        while way:
            each = way.popleft()
            if each.topic == LEGS.name:
                receiver = self.partitions[each.partition]
                way.extend(receiver.take(LEGS.name, each.key, each.value, self.now_us))
            elif each.topic == RESULTS.name and each.value is not None:
                results.append(decode(Result, each.value))
        return results
