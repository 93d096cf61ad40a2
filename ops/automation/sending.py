"""Sending: rules to every partition of their topic, acknowledged.

Owns: the producer of the topic of rules, and the note of who activated what and why.
Never: decides what is sent.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from confluent_kafka import Producer

from ingress.sdk.client import partition_count
from ingress.sdk.stamp import now_us
from ops import operations
from ops.delivery import TIMEOUT_S, deliver, producer_for
from ops.per_partition import to_every_partition
from ops.settings import Settings
from schemas.codec import encode
from schemas.messages.automation import ActivateRules, AutomationRules
from topics.catalog import AUTOMATION_RULES

HASH_DIGITS: Final = 32


@dataclass(frozen=True, slots=True)
class Sending:
    """Rules on their way; nothing is sent before `send`."""

    settings: Settings
    producer: Producer
    partitions: int
    rules: AutomationRules
    control_id: str

    @property
    def named(self) -> str:
        """Return version and hash."""
        return f"rules {self.rules.version} ({hash_of(self.rules)})"

    def lines(self) -> list[str]:
        """Return what will be done, in words."""
        return [
            f"activate {self.named} as control {self.control_id} on partition {number}"
            for number in range(self.partitions)
        ]

    def send(self, reason: str) -> None:
        """Write one record per partition, and the note."""
        issued_at_us = now_us()
        control = ActivateRules(self.control_id, issued_at_us, operations.who(), self.rules)
        records = to_every_partition(encode(control), self.partitions)
        deliver(self.producer, AUTOMATION_RULES.name, records)
        what = f"activate {self.named} as {self.control_id}"
        operations.record(self.settings.state_dir, what, reason, request_id=self.control_id)


def sending_of(settings: Settings, rules: AutomationRules, control_id: str | None) -> Sending:
    """Find the partitions. Raises what the broker gives."""
    producer = producer_for(settings.broker())
    name = AUTOMATION_RULES.name
    partitions = partition_count(producer, settings.broker(), name, TIMEOUT_S)
    return Sending(settings, producer, partitions, rules, control_id or f"rules-{uuid.uuid4()}")


def hash_of(rules: AutomationRules) -> str:
    """Return how rules are told apart whatever they are called."""
    return sha256(encode(rules)).hexdigest()[:HASH_DIGITS]
