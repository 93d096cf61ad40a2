"""Rules: what the proxy does to the bytes of one route, and how often it has done it.

Owns: the present trouble of a route, and the counts of what happened.
Never: touches a socket.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Final, Literal

Part = Literal["request", "reply"]
Manner = Literal["cut", "silent"]
MS: Final = 1_000


@dataclass(frozen=True, slots=True)
class Route:
    """One address clients connect to, and the server behind it. `framed`: it speaks Kafka."""

    name: str
    listen: int
    to: int
    framed: bool = False


@dataclass(slots=True)
class Loss:
    """The next `left` requests of one api lose themselves or their reply.

    After it the connection is cut, or stays open and nobody says a word about it.
    """

    api: int
    part: Part
    manner: Manner
    left: int


@dataclass(slots=True)
class Rules:
    """The trouble of one route."""

    delay_ms: float = 0.0
    losses: list[Loss] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)

    @property
    def delay_s(self) -> float:
        """How long every piece of data waits, in either direction."""
        return self.delay_ms / MS

    def loss_of(self, api: int) -> Loss | None:
        """Take one loss of this api, if there is one left."""
        for loss in self.losses:
            if loss.api == api and loss.left > 0:
                loss.left -= 1
                self.counts[f"lost {loss.part}, {loss.manner}"] += 1
                return loss
        return None

    def obey(self, order: dict[str, Any]) -> None:
        """Change the trouble as an order says; `cut`, `freeze` and `thaw` are the links' matter."""
        match order["do"]:
            case "delay":
                self.delay_ms = float(order["ms"])
                self.counts["delay"] += self.delay_ms > 0
            case "lose":
                loss = Loss(order["api"], order["part"], order["manner"], order["count"])
                self.losses.append(loss)
            case "calm":
                self.delay_ms = 0.0
                self.losses.clear()
            case "cut" | "freeze" | "thaw" | "look" as action:
                self.counts[action] += 1
            case unknown:
                raise ValueError(f"nobody knows how to {unknown}")

    def report(self) -> dict[str, int]:
        """Return the counts, and the losses that nobody has met yet."""
        return {**self.counts, "losses left": sum(loss.left for loss in self.losses)}
