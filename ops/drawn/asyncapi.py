"""AsyncAPI, drawn: every topic with its key, its schema and its settings, for programs to read.

Owns: the text of `docs/asyncapi.json`, AsyncAPI 3.0.
Never: knows a topic that the catalogue does not have, or a field that no schema has.
"""

from __future__ import annotations

import json
from typing import Final

from ops.drawn.avro import documented
from schemas.lock import read_lock
from schemas.messages.subjects import SUBJECTS
from schemas.model import Catalogue, load
from topics.catalog import AUTOMATION_RULES, COMMANDS, CONTROL, TOPICS
from topics.plan import desired_config
from topics.topic import Topic

Document = dict[str, object]

ABOUT: Final = """\
A wallet ledger whose truth is a Kafka log. Records are written in transactions: whoever reads them
states isolation.level=read_committed. Values are Avro behind the five bytes of a schema registry;
amounts are whole minor units, debit positive; times are microseconds, UTC. Keys are text. All
co-partitioned topics have the same number of partitions, and producers use murmur2, as the Java
client does."""
AVRO: Final = "application/vnd.apache.avro+json;version=1.9.0"
BINDING: Final = "0.5.0"
FULL_REPLICATION: Final = 3  # what production has; a stack of one broker asks for less
# What the ledger reads and others write; all else it writes itself.
RECEIVED: Final = frozenset({COMMANDS.name, CONTROL.name, AUTOMATION_RULES.name})
NAMES: Final = {subject.message: subject.fullname for subject in SUBJECTS}


def asyncapi_page() -> str:
    """Return the document."""
    catalogue = load()
    messages = {_message_id(topic): _message(topic, catalogue) for topic in TOPICS}
    document: Document = {
        "asyncapi": "3.0.0",
        "info": {"title": "Wallet ledger", "version": "1", "description": ABOUT},
        "defaultContentType": "application/octet-stream",
        "channels": {topic.name: _channel(topic) for topic in TOPICS},
        "operations": dict(map(_operation, TOPICS)),
        "components": {"messages": dict(sorted(messages.items()))},
    }
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


def _channel(topic: Topic) -> Document:
    config = desired_config(topic, FULL_REPLICATION)
    return {
        "address": topic.name,
        "description": f"{topic.note}. Written by {topic.written_by}. Key: {topic.key}.",
        "messages": {"record": {"$ref": f"#/components/messages/{_message_id(topic)}"}},
        "bindings": {
            "kafka": {
                "topicConfiguration": {
                    "cleanup.policy": [config["cleanup.policy"]],
                    "retention.ms": int(config["retention.ms"]),
                    "retention.bytes": int(config["retention.bytes"]),
                    "max.message.bytes": int(config["max.message.bytes"]),
                },
                "x-message-timestamp-type": config["message.timestamp.type"],
                "bindingVersion": BINDING,
            }
        },
    }


def _operation(topic: Topic) -> tuple[str, Document]:
    action = "receive" if topic.name in RECEIVED else "send"
    channel = f"#/channels/{topic.name}"
    return f"{action}.{topic.name}", {
        "action": action,
        "channel": {"$ref": channel},
        "messages": [{"$ref": f"{channel}/messages/record"}],
    }


def _message(topic: Topic, catalogue: Catalogue) -> Document:
    if topic.message is None:
        return {
            "name": _message_id(topic),
            "contentType": "text/plain",
            "summary": topic.note,
            "payload": {"type": "string"},
        }
    fullname = NAMES[topic.message]
    return {
        "name": fullname,
        "summary": catalogue.record(fullname).doc,
        "contentType": "application/vnd.apache.avro+binary",
        "payload": {"schemaFormat": AVRO, "schema": documented(fullname, catalogue)},
        "bindings": {
            "kafka": {
                "key": {"type": "string"},
                "schemaIdLocation": "payload",
                "schemaIdPayloadEncoding": "confluent",
                "x-schema-id": read_lock()[fullname][-1].schema_id,
                "bindingVersion": BINDING,
            }
        },
    }


def _message_id(topic: Topic) -> str:
    return topic.name if topic.message is None else NAMES[topic.message]
