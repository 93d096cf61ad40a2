"""Ask a server, in its own protocol, whether it is ready; and wait until it is.

Owns: the questions and the waiting.
Never: needs a client library: a question is a few bytes.
"""

import socket
import struct
import time
from collections.abc import Callable
from typing import Final

from ops.stack.errors import ServerDiedError, StartTimeoutError
from ops.stack.process import Child

POLL_S: Final = 0.05
ANSWER_TIMEOUT_S: Final = 1.0
HOST: Final = "127.0.0.1"

# Metadata, version 0, correlation 1, client `probe`, no topics: answered with the live brokers.
_KAFKA_BODY: Final = struct.pack(">hhih5si", 3, 0, 1, 5, b"probe", 0)
_KAFKA_QUESTION: Final = struct.pack(">i", len(_KAFKA_BODY)) + _KAFKA_BODY
_KAFKA_ANSWER: Final = struct.Struct(">iii")  # size, correlation, number of brokers
# CQL version 4, OPTIONS; answered with SUPPORTED.
_CQL_QUESTION: Final = bytes((4, 0, 0, 0, 5, 0, 0, 0, 0))
_CQL_OPCODE_AT: Final = 4
_CQL_SUPPORTED: Final = 6


def wait_ready(child: Child, ready: Callable[[], bool], deadline_s: float) -> None:
    """Wait until the server answers; raise at once when its process ends."""
    launch = child.launch
    deadline = time.monotonic() + deadline_s
    while not ready():
        code = child.wait(POLL_S)
        if code is not None:
            raise ServerDiedError(launch.name, code, launch.log, child.tail())
        if time.monotonic() > deadline:
            raise StartTimeoutError(launch.name, deadline_s, launch.log, child.tail())


def kafka_ready(port: int) -> bool:
    """Tell whether the broker is registered and says so itself."""
    answer = ask(port, _KAFKA_QUESTION, _KAFKA_ANSWER.size)
    return len(answer) == _KAFKA_ANSWER.size and _KAFKA_ANSWER.unpack(answer)[2] > 0


def cassandra_ready(port: int) -> bool:
    """Tell whether Cassandra takes CQL connections."""
    answer = ask(port, _CQL_QUESTION, len(_CQL_QUESTION))
    return len(answer) > _CQL_OPCODE_AT and answer[_CQL_OPCODE_AT] == _CQL_SUPPORTED


def valkey_ready(port: int) -> bool:
    """Tell whether Valkey answers and has loaded its data."""
    return ask(port, b"PING\r\n", 5) == b"+PONG"


def ask(port: int, question: bytes, size: int) -> bytes:
    """Send bytes and return up to `size` bytes of the answer; empty when there is none."""
    try:
        with socket.create_connection((HOST, port), ANSWER_TIMEOUT_S) as connection:
            connection.sendall(question)
            return _read(connection, size)
    except OSError:
        return b""


def _read(connection: socket.socket, size: int) -> bytes:
    answer = b""
    while len(answer) < size:
        more = connection.recv(size - len(answer))
        if not more:
            break
        answer += more
    return answer
