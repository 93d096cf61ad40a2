"""What an error of the Kafka client means for us.

Owns: the classes of `KafkaError`, in their order of precedence.
Never: retries; it only names.
"""

from __future__ import annotations

from typing import Final

from confluent_kafka import KafkaError, KafkaException

from streams.runtime.errors import (
    AbortRequiredError,
    BrokerAwayError,
    FencedError,
    ProducerFatalError,
    RuntimeFault,
)

FENCED: Final = frozenset(
    {
        KafkaError._FENCED,  # noqa: SLF001 - the client's public name for its own code -144
        KafkaError.PRODUCER_FENCED,
        KafkaError.INVALID_PRODUCER_EPOCH,
        KafkaError.INVALID_PRODUCER_ID_MAPPING,
    }
)


def cause_of(error: KafkaException) -> KafkaError:
    """Return the client's own error inside its exception."""
    cause = error.args[0]
    assert isinstance(cause, KafkaError)
    return cause


def producer_fault(error: KafkaError, call: str) -> RuntimeFault | None:
    """Name an error of a transactional call; None = the same call may be made again."""
    text = f"{call}: {error.name()}: {error.str()}"
    if error.code() in FENCED:
        return FencedError(text)
    if error.fatal():
        return ProducerFatalError(text)
    if error.txn_requires_abort():
        return AbortRequiredError(text)
    if error.retriable():
        return None
    return ProducerFatalError(text)


def reading_fault(error: KafkaError, call: str) -> RuntimeFault:
    """Name an error of a read: reading changes nothing, so it is tried again."""
    return BrokerAwayError(f"{call}: {error.name()}: {error.str()}")
