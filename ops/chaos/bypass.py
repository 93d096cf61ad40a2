"""Bypass: a stack whose clients under test reach every server through the proxy.

Owns: the ports of the proxy, the broker's second listener, starting the proxy, giving it orders.
Never: passes a byte itself; `proxy.py` does, in a process of its own.

The broker has two doors. At the first it advertises itself, for whoever checks; at the second it
advertises the proxy, so that a client that came through the proxy stays behind it.
"""

from __future__ import annotations

import json
import socket
import sys
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

from ops.chaos.rules import Manner, Part, Route
from ops.rig import wait_for
from ops.stack import ports
from ops.stack.config import SERVICES, Endpoints, Layout, Service, StackConfig, endpoints_of
from ops.stack.workers import HOME

if TYPE_CHECKING:
    from pathlib import Path

    from ops.chaos.wire import Api
    from ops.stack import ManagedProcess, Stack

CONTROL: Final = "proxy-control"
BEHIND: Final = "kafka-behind-proxy"
READY_S: Final = 20.0
ORDER_S: Final = 5.0


def proxied(name: str) -> str:
    """Return the name of the port at which the proxy offers a server."""
    return f"proxy-{name}"


@dataclass(frozen=True, slots=True)
class Bypass:
    """The proxy's side of one stack."""

    at: dict[str, int]
    services: tuple[Service, ...]

    @classmethod
    def choose(cls, root: Path, services: tuple[Service, ...] = SERVICES) -> Bypass:
        """Choose the ports of a stack in this folder, or find those chosen before."""
        plain = StackConfig(root=root, services=services).port_names()
        names = (*plain, BEHIND, CONTROL, *map(proxied, services))
        root.mkdir(parents=True, exist_ok=True)
        return cls(ports.settle(Layout(root).ports, names, {}), services)

    def config(self, root: Path) -> StackConfig:
        """Return the stack whose broker has both doors."""
        here, controller = self.at["kafka"], self.at["kafka-controller"]
        host = ports.HOST
        overrides = {
            "listeners": f"PLAINTEXT://{host}:{here},PROXIED://{host}:{self.at[BEHIND]},"
            f"CONTROLLER://{host}:{controller}",
            "advertised.listeners": f"PLAINTEXT://{host}:{here},"
            f"PROXIED://{host}:{self.at[proxied('kafka')]}",
            "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,PROXIED:PLAINTEXT,"
            "CONTROLLER:PLAINTEXT",
        }
        return StackConfig(root=root, services=self.services, kafka_overrides=overrides)

    @property
    def endpoints(self) -> Endpoints:
        """Where the proxy offers the servers."""
        offered: dict[str, int] = {name: self.at[proxied(name)] for name in self.services}
        return endpoints_of(offered, self.services)

    def routes(self) -> tuple[Route, ...]:
        """Return what the proxy passes on."""
        return tuple(
            Route(
                name=name,
                listen=self.at[proxied(name)],
                to=self.at[BEHIND if name == "kafka" else name],
                framed=name == "kafka",
            )
            for name in self.services
        )

    def start(self, stack: Stack) -> ManagedProcess:
        """Start the proxy beside a stack that is up; return when it obeys."""
        settings = {"control": self.at[CONTROL], "routes": [asdict(each) for each in self.routes()]}
        argv = (sys.executable, "-m", "ops.chaos.proxy", json.dumps(settings))
        process = stack.manage("proxy", argv, {"PYTHONPATH": str(HOME)})
        wait_for("the proxy to obey", self._obeys, READY_S)
        return process

    def order(self, route: str, do: str, **more: object) -> dict[str, Any]:
        """Give one order; return the counts of the route."""
        line = json.dumps({"route": route, "do": do, **more}).encode() + b"\n"
        with (
            socket.create_connection((ports.HOST, self.at[CONTROL]), ORDER_S) as control,
            control.makefile("rb") as answers,
        ):
            control.sendall(line)
            answer: dict[str, Any] = json.loads(answers.readline())
        return answer

    def lose(self, api: Api, part: Part, manner: Manner, count: int = 1) -> None:
        """Lose the next requests of a Kafka api, or their replies."""
        self.order("kafka", "lose", api=int(api), part=part, manner=manner, count=count)

    def calm(self) -> None:
        """Be an ordinary network again."""
        for name in self.services:
            self.order(name, "calm")

    def _obeys(self) -> bool:
        try:
            self.order(self.services[0], "look")
        except OSError:
            return False
        return True
