"""Sending: control records to every partition, acknowledged.

Owns: the producer of the control topic, and the note of who activated what and why.
Never: decides what is sent.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from confluent_kafka import Producer

from ingress.sdk.client import partition_count
from ingress.sdk.stamp import now_us
from ops import operations
from ops.delivery import TIMEOUT_S, deliver, producer_for
from ops.errors import DocumentError
from ops.policy.plan import Activation, Signed, control_records
from ops.settings import Settings
from schemas.values import COMMAND_ID
from topics.catalog import CONTROL


@dataclass(frozen=True, slots=True)
class Sending:
    """One activation on its way; nothing is sent before `send`."""

    settings: Settings
    producer: Producer
    partitions: int
    activation: Activation
    control_id: str
    approver: str

    def lines(self) -> list[str]:
        """Return what will be done, in words."""
        return self.activation.lines(self.control_id, self.partitions)

    def send(self, reason: str) -> None:
        """Write one record per partition, and the note."""
        issued_at_us = now_us()
        who = operations.who()
        signed = Signed(self.control_id, issued_at_us, who, self.approver)
        records = control_records(self.activation, signed, self.partitions)
        deliver(self.producer, CONTROL.name, records)
        approved = f", approved by {self.approver}" if self.approver else ""
        what = f"activate {self.activation.named} as {self.control_id}{approved}"
        operations.record(self.settings.state_dir, what, reason, request_id=self.control_id)


def sending_of(
    settings: Settings, activation: Activation, control_id: str | None, approver: str
) -> Sending:
    """Find the partitions. Raises `DocumentError` for a bad name, and what the broker gives."""
    if approver and COMMAND_ID.fullmatch(approver) is None:
        raise DocumentError(f"--approver: {approver!r} is no name; letters, digits, . _ and -")
    producer = producer_for(settings.broker())
    partitions = partition_count(producer, settings.broker(), CONTROL.name, TIMEOUT_S)
    chosen = control_id or f"{activation.kind}-{uuid.uuid4()}"
    return Sending(settings, producer, partitions, activation, chosen, approver)
