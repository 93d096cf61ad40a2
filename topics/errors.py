"""What can go wrong with a cluster's topics.

TopicsError
├── BrokerUnreachableError   nobody answers at the address            (exit 3)
└── TopicRefusedError        the broker refused an action; names it   (exit 1)
"""

from __future__ import annotations


class TopicsError(Exception):
    """The cluster cannot be described or changed; the message says why."""


class BrokerUnreachableError(TopicsError):
    """No Kafka broker answered at the address in time."""

    def __init__(self, address: str, why: str = "") -> None:
        """Name the address and what the client said."""
        super().__init__(f"no Kafka broker answers at {address}{f': {why}' if why else ''}")
        self.address = address


class TopicRefusedError(TopicsError):
    """The broker refused to create or to alter a topic."""

    def __init__(self, topic: str, why: str) -> None:
        """Name the topic and the broker's reason."""
        super().__init__(f"{topic}: the broker refused: {why}")
        self.topic = topic
