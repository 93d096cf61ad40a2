"""The consumer group: eager rebalances, heartbeats, session timeout.

Owns: who is a member, the generation, and who has which partition.
Never: waits for a silent member longer than its session, nor tells it that it is gone: it finds
out by itself, when it wakes.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Protocol, final

SESSION_S: Final = 4.0

# Machines of the members, number of partitions -> the partitions of each.
Assign = Callable[[list[str], int], list[list[int]]]


class Member(Protocol):
    """A worker process, seen from the group."""

    @property
    def awake(self) -> bool:
        """Say whether it sends heartbeats."""
        ...

    def revoke(self) -> None:
        """A rebalance begins: give every partition up."""
        ...

    @property
    def machine_name(self) -> str:
        """Return the name of its machine."""
        ...

    def revoked(self) -> bool:
        """Say whether all are given up."""
        ...

    def assigned(self, generation: int, partitions: list[int]) -> None:
        """A rebalance has ended."""
        ...


@final
class _Seat:
    def __init__(self, member: Member, beat: float) -> None:
        self.member: Final = member
        self.beat = beat
        self.told = False


@final
class Group:
    """The group coordinator, and each member's heartbeat."""

    def __init__(self, partitions: int, now: Callable[[], float], assign: Assign) -> None:
        self.generation = 0
        self.rebalancing = False
        self.rebalances = 0
        self.expired = 0
        self._loading_until = 0.0
        self._partitions: Final = partitions
        self._now: Final = now
        self._assign: Final = assign
        self._seats: Final[list[_Seat]] = []

    def join(self, member: Member) -> None:
        """A new process joins."""
        self._seats.append(_Seat(member, self._now()))
        self._begin()

    def leave(self, member: Member) -> None:
        """A process says goodbye."""
        self._seats[:] = [seat for seat in self._seats if seat.member is not member]
        self._begin()

    def knows(self, member: Member) -> bool:
        """Say whether the member still belongs here."""
        return any(seat.member is member for seat in self._seats)

    def confirmed(self, member: Member, generation: int, since: float) -> bool:
        """Say whether a heartbeat sent after `since` was answered for the generation."""
        if self._now() < self._loading_until:
            return True
        return not self.rebalancing and any(
            seat.member is member and seat.beat > since and generation == self.generation
            for seat in self._seats
        )

    def load(self, seconds: float) -> None:
        """Begin anew: while it loads its groups, Kafka answers yes to any heartbeat."""
        self._loading_until = self._now() + seconds

    def tick(self) -> None:
        """Hear heartbeats, expire the silent, carry a rebalance on."""
        for seat in tuple(self._seats):
            if seat.member.awake:
                seat.beat = self._now()
                if self.rebalancing and not seat.told:
                    seat.told = True
                    seat.member.revoke()
            elif self._now() - seat.beat > SESSION_S:
                self.expired += 1
                self._seats.remove(seat)
                self._begin()
        if self.rebalancing and all(self._given_up(seat) for seat in self._seats):
            self._complete()

    def _given_up(self, seat: _Seat) -> bool:
        return seat.told and seat.member.awake and seat.member.revoked()

    def _begin(self) -> None:
        self.rebalancing = True

    def _complete(self) -> None:
        self.rebalancing = False
        self.rebalances += 1
        self.generation += 1
        names = [seat.member.machine_name for seat in self._seats]
        shares = self._assign(names, self._partitions) if names else []
        for seat, share in zip(self._seats, shares, strict=True):
            seat.told = False
            seat.member.assigned(self.generation, share)
