"""The process that owns a stack which outlives the command that brought it up.

`ledgerctl stack up` starts it detached; it owns the servers, workers and sinks and writes
down their state until SIGTERM or SIGINT asks it to take all down. If it is killed outright
the kernel ends its children.

Owns: the life of a detached stack.
Never: talks to a terminal; what it says goes to its log.
"""

import signal
import sys
import threading
from typing import Final, NoReturn

from ops.stack import order as orders
from ops.stack import ports
from ops.stack.errors import StackError
from ops.stack.order import Order
from ops.stack.stack import Stack
from topics.errors import TopicsError
from topics.execute import apply, describe
from topics.plan import plan

LOOK_EVERY_S: Final = 1.0
EXIT_FAILED: Final = 3


def run(order: Order) -> int:
    """Keep a stack up until asked to end; the exit code."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _interrupt)
    stack = Stack(order.config, say=_say, detached=True)
    try:
        stack.up()
        _start_processes(stack, order)
        _watch(stack)
    except KeyboardInterrupt:
        _say("asked to end")
    except (StackError, TopicsError) as error:
        _say(str(error))
        return EXIT_FAILED
    finally:
        stack.down()
        _say("down")
    return 0


def _start_processes(stack: Stack, order: Order) -> None:
    specs = order.processes(stack.endpoints)
    if specs:
        # Workers refuse a broker without the ledger's topics; this broker is theirs alone.
        address = stack.endpoints.kafka
        apply(address, plan(describe(address)).actions)
    names = {spec.name: f"{spec.name}-metrics" for spec in specs}
    listen = ports.settle(stack.layout.ports, names.values(), {})
    for spec in specs:
        port = listen[names[spec.name]]
        stack.manage(spec.name, spec.argv, {**spec.env, "LEDGER_METRICS": str(port)})
        _say(f"{spec.name} is kept up, metrics at http://{ports.HOST}:{port}/metrics")


def _watch(stack: Stack) -> NoReturn:
    seen = stack.status()
    while True:
        # Interrupted by the signal that ends us.
        threading.Event().wait(LOOK_EVERY_S)
        now = stack.status()
        for row in set(now) - set(seen):
            _say(f"{row.name} is {row.state}, exit code {row.exit_code}")
        if now != seen:
            stack.record()
        seen = now


def _interrupt(_number: int, _frame: object) -> NoReturn:
    # Once: a second signal must not interrupt the orderly end.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_IGN)
    raise KeyboardInterrupt


def _say(message: str) -> None:
    print(message, flush=True)


if __name__ == "__main__":
    sys.exit(run(orders.load(sys.argv[1])))
