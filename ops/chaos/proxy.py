"""The proxy: a process between clients and servers that makes the network as bad as it is told.

    python -m ops.chaos.proxy '{"control": 20001, "routes": [...]}'

Orders are lines of JSON on the control port, each answered by a line with the counts of its route:
`delay` (ms), `cut` (reset every connection), `freeze` and `thaw` (half-open, then cut), `lose` (the
next requests of one Kafka api, or their replies), `calm`, `look`.

Owns: listening, the links of each route, obeying orders.
Never: acts on its own; without an order it only passes bytes on.
"""

from __future__ import annotations

import asyncio
import json
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from ops.chaos.link import Link
from ops.chaos.rules import Route, Rules
from ops.stack.ports import HOST

if TYPE_CHECKING:
    from asyncio import StreamReader, StreamWriter

AWAY_S: Final = 0.2


@dataclass(slots=True)
class Gate:
    """One route with its rules and its living links."""

    route: Route
    rules: Rules = field(default_factory=Rules)
    links: set[Link] = field(default_factory=set)

    async def enter(self, reader: StreamReader, writer: StreamWriter) -> None:
        """Serve one client until its connection ends."""
        try:
            server = await asyncio.open_connection(HOST, self.route.to)
        except OSError:
            # Nobody is there: as slow to say so as a network is, or clients would spin.
            await asyncio.sleep(AWAY_S)
            writer.transport.abort()
            return
        link = Link(self.rules, (reader, writer), server, framed=self.route.framed)
        self.links.add(link)
        try:
            await link.run()
        finally:
            self.links.discard(link)

    def act(self, action: str) -> None:
        """Do what an order asks of the links."""
        for link in tuple(self.links):
            if action == "freeze":
                link.freeze()
            elif action == "cut" or (action in {"thaw", "calm"} and link.frozen):
                link.cut()


class Proxy:
    """All routes of one process."""

    def __init__(self, routes: tuple[Route, ...]) -> None:
        self._gates: Final = {route.name: Gate(route) for route in routes}

    async def serve(self, control: int) -> None:
        """Listen until cancelled."""
        for gate in self._gates.values():
            await asyncio.start_server(gate.enter, HOST, gate.route.listen)
        server = await asyncio.start_server(self._hear, HOST, control)
        await server.serve_forever()

    async def _hear(self, reader: StreamReader, writer: StreamWriter) -> None:
        while line := await reader.readline():
            order = json.loads(line)
            gate = self._gates[order["route"]]
            gate.rules.obey(order)
            gate.act(order["do"])
            answer = {**gate.rules.report(), "links": len(gate.links)}
            writer.write(json.dumps(answer).encode() + b"\n")
            await writer.drain()
        writer.close()


if __name__ == "__main__":
    settings = json.loads(sys.argv[1])
    routes_given = tuple(Route(**each) for each in settings["routes"])
    asyncio.run(Proxy(routes_given).serve(settings["control"]))
