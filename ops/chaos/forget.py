"""`python -m ops.chaos.forget BOOTSTRAP GROUP`: delete a consumer group; exit code 0: it is gone.

Owns: that one request, in a process of its own.
Never: tries again; its caller does.

librdkafka aborts its process when a connection breaks inside a request to a coordinator
(confluentinc/librdkafka issue 4605), and here connections break: it once ended an hour of chaos.
"""

from __future__ import annotations

import sys
from typing import Final

from confluent_kafka import KafkaError, KafkaException
from confluent_kafka.admin import AdminClient

from schemas.access.kafka import Servers, entering

ANSWER_S: Final = 10.0


def forget(bootstrap: Servers, group: str) -> bool:
    """Say whether the group is gone; not before its last member has left."""
    admin = AdminClient({**entering(bootstrap), "log_level": 0})
    future = admin.delete_consumer_groups([group], request_timeout=ANSWER_S)[group]
    try:
        future.result(ANSWER_S)
    except KafkaException as error:
        return bool(error.args[0].code() == KafkaError.GROUP_ID_NOT_FOUND)
    return True


if __name__ == "__main__":
    sys.exit(0 if forget(*sys.argv[1:]) else 1)
