"""Refusal: what a broker's authorizer said no to, in words that name who and what.

Owns: which of Kafka's errors are such refusals, and the sentence.
Never: asks the broker; whoever was refused hands in the error.
"""

from __future__ import annotations

from typing import Final

from confluent_kafka import KafkaError

from schemas.access.kafka import Servers, principal_of

REFUSED: Final = {
    KafkaError.TOPIC_AUTHORIZATION_FAILED: "topic",
    KafkaError.GROUP_AUTHORIZATION_FAILED: "group",
    KafkaError.TRANSACTIONAL_ID_AUTHORIZATION_FAILED: "transactional id",
    KafkaError.CLUSTER_AUTHORIZATION_FAILED: "cluster",
}
ADVICE: Final = "`ledgerctl acl plan` says what is missing"


def refusal(kafka: Servers, code: int, name: str) -> str:
    """Return who may not use what; empty text for an error that is no refusal."""
    kind = REFUSED.get(code)
    if kind is None:
        return ""
    return f"{principal_of(kafka)} may not use the {kind} {name} at {kafka}: {ADVICE}"
