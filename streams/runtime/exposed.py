"""Exposed: the ports of a partition with a crash point before and after every call.

Owns: which call of which port is which operation of `crashpoints.py`.
Never: in the way of a worker that was not armed: then nobody calls `exposed`.

A call that raises has no "after": what became of it is unknown, which is a matter of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final, cast, final

from streams.runtime.crashpoints import AFTER, BEFORE, Passing
from streams.runtime.ports import Broker, Ports, Snapshots, Store, Tail, Transactions

Names = Mapping[str, str]  # method -> operation

TRANSACTIONS: Final[Names] = {
    "fence": "fence",
    "begin": "begin",
    "send_log": "send-log",
    "send": "send",
    "settle": "settle",
    "commit": "commit",
    "abort": "abort",
}
BROKER: Final[Names] = {
    "topic_id": "topic-id",
    "bounds": "bounds",
    "tail": "tail",
    "read_input": "read-input",
}
TAIL: Final[Names] = {"take": "take"}
STORE: Final[Names] = {"get": "get", "scan": "scan", "write": "write", "close": "close-store"}
# A snapshot is taken at few of the commits that `passed` hears of: its points are in there.
SNAPSHOTS: Final[Names] = {"fetch": "fetch-snapshot", "swap": "swap-snapshot"}
OPEN_STORE: Final = "open-store"
# Calls that reach nobody: they change or tell what this process already has.
INNER: Final = frozenset({"drop", "position", "close", "passed"})


def exposed(ports: Ports, passing: Passing) -> Ports:
    """Return the same ports, each call between two points."""

    def open_store() -> Store:
        return cast("Store", _Exposed(ports.open_store(), STORE, passing))

    snapshots = ports.snapshots and cast("Snapshots", _Exposed(ports.snapshots, SNAPSHOTS, passing))
    return replace(
        ports,
        transactions=cast("Transactions", _Exposed(ports.transactions, TRANSACTIONS, passing)),
        broker=cast("Broker", _ExposedBroker(ports.broker, passing)),
        open_store=_between(open_store, OPEN_STORE, passing),
        snapshots=snapshots,
        passing=passing,
    )


def _between(call: Callable[..., Any], operation: str, passing: Passing) -> Callable[..., Any]:
    def passed(*arguments: object) -> Any:  # noqa: ANN401 - whatever the port returns
        passing(f"{BEFORE}-{operation}")
        result = call(*arguments)
        passing(f"{AFTER}-{operation}")
        return result

    return passed


class _Exposed:
    """Any port; what has no operation passes through."""

    def __init__(self, port: object, names: Names, passing: Passing) -> None:
        self._port: Final = port
        self._names: Final = names
        self._passing: Final = passing

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - as above
        call = getattr(self._port, name)
        operation = self._names.get(name)
        return call if operation is None else _between(call, operation, self._passing)


@final
class _ExposedBroker(_Exposed):
    """The reading side, whose tails are exposed too."""

    def __init__(self, broker: Broker, passing: Passing) -> None:
        super().__init__(broker, BROKER, passing)
        self._tail: Final = _between(broker.tail, BROKER["tail"], passing)

    def tail(self, topic: str, partition: int, offset: int) -> Tail:
        """Start reading committed records."""
        return cast("Tail", _Exposed(self._tail(topic, partition, offset), TAIL, self._passing))
