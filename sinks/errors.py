"""What can go wrong in a sink.

SinkError
├── SettingsError    a variable is missing, malformed or unknown           (exit 2)
├── BrokerAway       the broker does not answer, or the topic is not there (retried for ever)
├── StoreAway        the store does not answer or asks to wait             (retried for ever)
├── StoreMoved       the store stands elsewhere: another writer, or a loss (read again from there)
├── TopicReplaced    the store was filled from another topic               (halts the partition)
└── RecordsGone      records were deleted before they were read            (ends the lake)

Anything else is our own bug and halts its partition; nothing is ever skipped.
"""

from __future__ import annotations


class SinkError(Exception):
    """A sink cannot go on as it was."""


class SettingsError(SinkError):
    """The environment does not describe a sink."""


class BrokerAway(SinkError):
    """The broker does not answer, or does not know the topic yet."""


class StoreAway(SinkError):
    """The store does not answer, or asks to wait: try again later."""


class StoreMoved(SinkError):
    """The store does not stand where this writer left it: read its position again."""


class TopicReplaced(SinkError):
    """The store was filled from a topic that exists no more."""


class RecordsGone(SinkError):
    """Records were deleted before they were read: the store would lack them and not say so."""
