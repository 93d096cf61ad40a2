"""The local stack: real Kafka, PostgreSQL, Cassandra and Valkey without Docker or root.

Owns: starting, watching and stopping servers and workers on this machine.
Never: knows what flows through them.
"""

from ops.stack.config import PASSABLE, SERVICES, Endpoints, Service, StackConfig
from ops.stack.errors import StackError
from ops.stack.managed import NEVER, ManagedProcess, RestartPolicy
from ops.stack.stack import Stack
from ops.stack.workers import ProcessSpec

__all__ = [
    "NEVER",
    "PASSABLE",
    "SERVICES",
    "Endpoints",
    "ManagedProcess",
    "ProcessSpec",
    "RestartPolicy",
    "Service",
    "Stack",
    "StackConfig",
    "StackError",
]
