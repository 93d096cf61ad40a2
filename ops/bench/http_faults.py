"""`bench http --faults`: commands answered 202 while processes die; each has exactly one Decision.

Theory: clients send commands at a rate, and each again with its key until the door answers 202.
Meanwhile the door is killed once, and then workers and broker by turns. At the end the log is
read: a command that was accepted and has no Decision is lost, one with two first ones is doubled.
A repeat that came twice into the log is decided as a duplicate and is neither. The door's memory is
read once a second from the life that is not ended.

Owns: that measurement.
Never: asserts a figure; stops a clock for a fault.
"""

from __future__ import annotations

import asyncio
import signal
import time
from collections import Counter
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from ingress.http.route import request_of
from ingress.http.routes import WRITES
from ops.bench.http_wire import Wire
from ops.bench.log_answers import Answers, compared
from ops.bench.pipeline import PARTITIONS, rss_mb, settled, worker_names
from ops.bench.profiles import loads_of
from ops.bench.session import SEED
from ops.rig import start_door, start_worker, wait_for
from ops.stack import ports
from schemas.codec import decode
from schemas.messages.commands import WalletCommand

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ops.stack import ManagedProcess, Stack

HOST: Final = "127.0.0.1"
ACCEPTED: Final = 202
WORKERS: Final = 2
SESSION_S: Final = "6"  # the broker's least, so that heirs come soon
START_S: Final = 120.0
AGAIN_S: Final = 0.1
FAULT_EVERY_S: Final = 15.0
WARM_S: Final = 10.0  # of a door's life are not asked for its memory: what it needs it takes then
SAMPLE_EVERY_S: Final = 1.0
ROUTES: Final = {route.command: route for route in WRITES}

Identity = tuple[str, str]  # wallet id, command id


class Request(NamedTuple):
    """A command as HTTP says it."""

    identity: Identity
    content: bytes


@dataclass(slots=True)
class Run:
    """What happened."""

    accepted: set[Identity] = field(default_factory=set)
    again: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    rss_mb: list[int] = field(default_factory=list)


def requests_of(rate: int, seconds: int, wallets: int, partitions: int) -> Iterator[Request]:
    """Yield a day of transfers, each with an id of its own, as HTTP says them."""
    for load in loads_of("transfers", SEED, rate * seconds, wallets, partitions):
        assert load.value is not None, "these profiles have no poison"
        command = decode(WalletCommand, load.value)
        path, body = request_of(ROUTES[type(command.body).__name__], command, "EUR")
        head = (
            f"POST /v1{path} HTTP/1.1\r\nHost: {HOST}\r\nIdempotency-Key: {command.command_id}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        identity = (command.wallet_id, command.command_id)
        yield Request(identity, head.encode() + body.encode())


def measure(
    stack: Stack, requests: Iterator[Request], rate: int, seconds: int, connections: int
) -> dict[str, Any]:
    """Return the figures; the stack is up with its topics."""
    port = ports.settle(stack.layout.root / "http.json", ["http"], {})["http"]
    run = Run()
    with ExitStack() as ending:
        names = worker_names(WORKERS)
        env = {"LEDGER_SESSION_TIMEOUT_S": SESSION_S}
        workers = [start_worker(stack, name, env) for name in names]
        for worker in workers:
            ending.callback(worker.stop)
        wait_for("every partition to run", lambda: settled(stack, names, PARTITIONS), START_S)
        door = start_door(stack, port)
        ending.callback(door.stop)
        wait_for("the entrance to listen", lambda: not ports.is_free(port), START_S)
        began = time.monotonic()
        asyncio.run(_driven(stack, port, requests, run, door, workers, (rate, connections)))
        driven_s = time.monotonic() - began
        answers = ending.enter_context(closing(Answers(stack.endpoints.kafka)))
        answers.read_all()
    return _figures(run, answers, rate, seconds, driven_s)


def _figures(
    run: Run, answers: Answers, rate: int, seconds: int, driven_s: float
) -> dict[str, Any]:
    found = compared(run.accepted, answers.first)
    memory = run.rss_mb or [0]
    return {
        "asked_per_s": rate,
        "asked_s": seconds,
        "seconds": round(driven_s, 1),
        "accepted": len(run.accepted),
        "lost": len(found.lost),
        "doubled": len(found.doubled),
        "repeats_in_log": answers.repeats,
        "faults": dict(run.faults),
        "asked_again": dict(sorted(run.again.items())),
        "refused": dict(run.refused),
        "rss_first_mb": memory[0],
        "rss_last_mb": memory[-1],
        "rss_max_mb": max(memory),
        "rss_samples": len(run.rss_mb),
        "first_lost": found.lost[:3],
        "first_doubled": found.doubled[:3],
    }


async def _driven(  # noqa: PLR0913 - a run has these parts
    stack: Stack,
    port: int,
    requests: Iterator[Request],
    run: Run,
    door: ManagedProcess,
    workers: list[ManagedProcess],
    pace: tuple[int, int],
) -> None:
    rate, connections = pace
    over = asyncio.Event()
    beside = [
        asyncio.ensure_future(_break(run, _faults(stack, door, workers), over)),
        asyncio.ensure_future(_watch(run, door, over)),
    ]
    paced = _paced(requests, rate)
    clients = [_client(Wire(HOST, port), paced, run) for _ in range(connections)]
    try:
        await asyncio.gather(*clients)
    finally:
        over.set()
        await asyncio.gather(*beside)


def _paced(requests: Iterator[Request], rate: int) -> Iterator[tuple[float, Request]]:
    """Yield each request with the time at which it is due; late ones are due at once."""
    began = time.monotonic()
    for number, request in enumerate(requests):
        yield began + number / rate, request


async def _client(wire: Wire, paced: Iterator[tuple[float, Request]], run: Run) -> None:
    """Send what is due next, and again until the door has taken or refused it."""
    for due, request in paced:
        await asyncio.sleep(max(0.0, due - time.monotonic()))
        while True:
            told = await wire.ask(request.content)
            if told is not None and told.status == ACCEPTED:
                run.accepted.add(request.identity)
                break
            if told is not None and not told.is_not_now:
                run.refused[told.code] += 1
                break
            run.again["no answer" if told is None else told.code] += 1
            await asyncio.sleep(AGAIN_S)
    wire.close()


Fault = tuple[str, "Callable[[], object]"]


def _faults(stack: Stack, door: ManagedProcess, workers: list[ManagedProcess]) -> Iterator[Fault]:
    """Yield what breaks next: the door once, then workers and the broker for ever."""

    def restart(number: signal.Signals | None) -> None:
        if number is None:
            stack.stop("kafka")
        else:
            stack.kill("kafka", number)
        stack.start("kafka")

    yield "door killed", door.kill
    while True:
        yield "worker killed", workers[0].kill
        yield "broker restarted", lambda: restart(None)
        yield "worker killed", workers[1].kill
        yield "broker killed", lambda: restart(signal.SIGKILL)


async def _break(run: Run, faults: Iterator[Fault], over: asyncio.Event) -> None:
    while not await _passes(over, FAULT_EVERY_S):
        name, fault = next(faults)
        await asyncio.to_thread(fault)
        run.faults[name] += 1


async def _watch(run: Run, door: ManagedProcess, over: asyncio.Event) -> None:
    """Take the memory of the door's present life; what an earlier one had is forgotten."""
    life, since = None, 0.0
    while not await _passes(over, SAMPLE_EVERY_S):
        pid = door.report().pid
        if pid != life:
            life, since = pid, time.monotonic()
            run.rss_mb.clear()
        elif pid is not None and time.monotonic() - since > WARM_S:
            run.rss_mb.append(rss_mb(door))


async def _passes(over: asyncio.Event, seconds: float) -> bool:
    """Wait; say whether it is over."""
    try:
        await asyncio.wait_for(over.wait(), seconds)
    except TimeoutError:
        return False
    return True
