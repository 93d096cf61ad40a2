"""What can go wrong for a producer of commands or a reader of results.

SdkError
├── CommandRefusedError      a field of a command is wrong; names it; nothing was sent
│   └── LineRefusedError     the same in a JSON-lines file; names file and line too
├── BrokerUnreachableError   no broker answers; names the address
├── TopicMissingError        the broker answers, the topic is not there; names both
├── NotAllowedError          the broker's access lists refuse; names principal and topic
├── QueueFullError           the broker takes less than is sent; nothing was queued
├── DeliveryFailedError      a queued command was not acknowledged; names topic and partition
├── AliasTakenError          another wallet is behind the alias; names its hash
├── InFlightError            the same command is awaited already, in this process
├── ClosedError              used after close()
├── PositionLostError        records were deleted before they were read
├── LogDamagedError          the log breaks its chain, sequence or seals; names the place
└── ResultTimeoutError       no FINAL result in time; holds the PENDING one, if any

Owns: the error types and their messages.
Never: prints, exits, hides a cause.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from schemas.access.kafka import Servers
from topics import errors

if TYPE_CHECKING:
    from schemas.messages.results import Result


class SdkError(Exception):
    """Base of every error that the SDK raises."""


class CommandRefusedError(SdkError, ValueError):
    """A field of a command is not what it must be. `field` names it, `why` says what is wrong."""

    def __init__(self, field: str, why: str) -> None:
        super().__init__(f"{field}: {why}")
        self.field = field
        self.why = why


class LineRefusedError(CommandRefusedError):
    """A line of a JSON-lines file is not a command."""

    def __init__(self, file: str, line: int, field: str, why: str) -> None:
        super().__init__(field, why)
        self.args = (f"{file}:{line}: {field}: {why}",)
        self.file = file
        self.line = line


class BrokerUnreachableError(SdkError, errors.BrokerUnreachableError):
    """No Kafka broker answered at `address` in time."""


class TopicMissingError(SdkError):
    """The broker at `address` has no topic of that name."""

    def __init__(self, topic: str, address: Servers) -> None:
        super().__init__(
            f"topic {topic} does not exist at {address}: run `ledgerctl topics apply --execute`"
        )
        self.topic = topic
        self.address = address


class NotAllowedError(SdkError):
    """The broker refuses this client a topic; the message names both."""

    def __init__(self, topic: str, said: str) -> None:
        super().__init__(said)
        self.topic = topic


class QueueFullError(SdkError):
    """The queue of unacknowledged commands stayed full. This one was not queued: send it again."""

    def __init__(self, queued: int, waited_s: float) -> None:
        super().__init__(f"{queued} commands wait for the broker, none left in {waited_s:.1f} s")
        self.queued = queued


class DeliveryFailedError(SdkError):
    """The broker did not acknowledge a command. It may have arrived: repeat it with the same id."""

    def __init__(self, command_id: str, topic: str, partition: int, why: str) -> None:
        super().__init__(
            f"command {command_id} to {topic}[{partition}] was not acknowledged: {why}"
        )
        self.command_id = command_id
        self.topic = topic
        self.partition = partition


class AliasTakenError(SdkError):
    """Another wallet is behind an alias. The message has its hash, never the alias."""

    def __init__(self, alias_hash: str) -> None:
        super().__init__(f"alias {alias_hash} is another wallet's: remove it first")
        self.alias_hash = alias_hash


class InFlightError(SdkError):
    """The same command is awaited already by somebody of this process."""

    def __init__(self, wallet_id: str, command_id: str) -> None:
        super().__init__(f"command {command_id} of {wallet_id} is being waited for already")
        self.wallet_id = wallet_id
        self.command_id = command_id


class ClosedError(SdkError):
    """The producer or reader was closed."""


class PositionLostError(SdkError):
    """A results partition no longer holds the position to read from."""

    def __init__(self, topic: str, partition: int, why: str) -> None:
        super().__init__(f"{topic}[{partition}]: the position to read from is gone: {why}")
        self.topic = topic
        self.partition = partition


class LogDamagedError(SdkError):
    """The log is not what its writer wrote; the message names partition and offset."""


class ResultTimeoutError(SdkError, TimeoutError):
    """No FINAL result in time. `pending` is the PENDING result when there was one."""

    def __init__(self, command_id: str, waited_s: float, pending: Result | None) -> None:
        state = "no result" if pending is None else "a PENDING result only"
        super().__init__(f"command {command_id}: {state} within {waited_s:.1f} s")
        self.command_id = command_id
        self.pending = pending
