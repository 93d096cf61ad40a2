"""What can go wrong with a cluster's topics.

TopicsError
├── BrokerUnreachableError   nobody answers at the address            (exit 3)
├── TopicRefusedError        the broker refused an action; names it   (exit 1)
├── AclRefusedError          its access lists cannot be seen or changed (exit 3)
└── UnknownProcessError      no process of that name; names the others (exit 2)
"""

from __future__ import annotations

from schemas.access.kafka import Servers


class TopicsError(Exception):
    """The cluster cannot be described or changed; the message says why."""


class BrokerUnreachableError(TopicsError):
    """No Kafka broker answered at the address in time."""

    def __init__(self, address: Servers, why: str = "") -> None:
        """Name the address and what the client said."""
        super().__init__(f"no Kafka broker answers at {address}{f': {why}' if why else ''}")
        self.address = str(address)


class TopicRefusedError(TopicsError):
    """The broker refused to create or to alter a topic."""

    def __init__(self, topic: str, why: str) -> None:
        """Name the topic and the broker's reason."""
        super().__init__(f"{topic}: the broker refused: {why}")
        self.topic = topic


class AclRefusedError(TopicsError):
    """The brokers have no access lists, or do not show or change them for us."""


class UnknownProcessError(TopicsError):
    """The table of processes has no such name."""

    def __init__(self, name: str, known: list[str]) -> None:
        """Name it and those that are known."""
        super().__init__(f"{name} is no process of the ledger; known: {', '.join(known)}")
        self.name = name
