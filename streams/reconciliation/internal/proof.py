"""Proof: the whole ledger at one cut.

Owns: what must hold of the checkpoints of all partitions together, and the figures that show it.
Never: waits, stores.

Each partition takes the cut between two Decisions of its own, so legs cross it: some were sent
before it and taken after it, some the other way round. What holds however they cross: every
partition's classes add up to zero, and all IB accounts together hold exactly the negative of what
the legs say is in flight, which is sent - taken back - accepted. Where both ends of a pair stand at
the same number they must agree to the last unit.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, final

from ledger.chart import IN_FLIGHT
from schemas.messages.recon import (
    Checkpoint,
    ClassSum,
    CutMoney,
    CutProved,
    PairFlow,
    PairVector,
)
from schemas.messages.vocabulary import ReconCheck
from streams.reconciliation.internal.checks import ri02_balances
from streams.reconciliation.internal.sums import wrapped

NOTHING: Final = PairVector(0, 0, 0, (), ())


@final
@dataclass(frozen=True, slots=True)
class Unequal:
    """Something that does not hold at a cut."""

    check: ReconCheck
    subject: str
    detail: str


@final
@dataclass(frozen=True, slots=True)
class Proof:
    """The figures of a cut, and what does not hold."""

    proved: CutProved
    unequal: tuple[Unequal, ...]


def prove(checkpoints: Mapping[int, Checkpoint]) -> Proof:
    """Compare the checkpoints of all partitions at the same cut."""
    directions = list(_directions(checkpoints))
    unequal = [*_trials(checkpoints), *_ends(directions)]
    money = _money(checkpoints, directions)
    unequal += [
        Unequal(ReconCheck.RI05, f"all pairs {each.currency}", _off(each))
        for each in money
        if each.between != wrapped(-each.in_flight)
    ]
    some = next(iter(checkpoints.values()))
    lags = [each.lag for each in directions]
    proved = CutProved(
        some.k,
        some.label,
        len(checkpoints),
        not unequal,
        tuple(money),
        sum([each.open_count for each in checkpoints.values()]),
        sum([lag for lag in lags if lag > 0]),
        -sum([lag for lag in lags if lag < 0]),
        tuple([ClassSum(*key, minor) for key, minor in sorted(_classes(checkpoints).items())]),
    )
    return Proof(proved, tuple(unequal))


@final
@dataclass(frozen=True, slots=True)
class _Direction:
    """Both ends of an ordered pair at the cut."""

    source: int
    destination: int
    sent: PairVector  # at the source, about the destination
    taken: PairVector  # at the destination, about the source

    @property
    def lag(self) -> int:
        """Legs that one end has and the other has not; negative when the destination is ahead."""
        return self.sent.sent_seq - self.taken.received_seq


def _directions(checkpoints: Mapping[int, Checkpoint]) -> Iterator[_Direction]:
    for source, checkpoint in checkpoints.items():
        for destination in checkpoints:
            if source != destination:
                sent = _of(checkpoint, destination)
                taken = _of(checkpoints[destination], source)
                yield _Direction(source, destination, sent, taken)


def _of(checkpoint: Checkpoint, peer: int) -> PairVector:
    return next((each for each in checkpoint.pairs if each.peer == peer), NOTHING)


def _flow(vector: PairVector, currency: str) -> PairFlow:
    found = (each for each in vector.flows if each.currency == currency)
    return next(found, PairFlow(currency, 0, 0, 0, 0, 0))


def _trials(checkpoints: Mapping[int, Checkpoint]) -> Iterator[Unequal]:
    for partition, checkpoint in checkpoints.items():
        wrong = ri02_balances.uneven(_by_currency(checkpoint.sums))
        if wrong is not None:
            yield Unequal(ReconCheck.RI02, f"partition {partition}", wrong)


def _ends(directions: Sequence[_Direction]) -> Iterator[Unequal]:
    """Pairs whose ends stand at the same number: no leg crosses the cut."""
    for each in directions:
        if each.lag != 0:
            continue
        for currency in sorted({flow.currency for flow in (*each.sent.flows, *each.taken.flows)}):
            sent, taken = _flow(each.sent, currency), _flow(each.taken, currency)
            if not _agree(sent, taken):
                detail = f"{currency} at leg {each.sent.sent_seq}: {_both(sent, taken)}"
                yield Unequal(ReconCheck.RI05, f"pair {each.source}-{each.destination}", detail)


def _agree(sent: PairFlow, taken: PairFlow) -> bool:
    """The destination has answered every CREDIT, and the source may not have heard of all."""
    return (
        wrapped(sent.sent - taken.accepted - taken.refused) == 0
        and wrapped(taken.accepted - sent.settled) >= 0
        and wrapped(taken.refused - sent.compensated) >= 0
    )


def _both(sent: PairFlow, taken: PairFlow) -> str:
    return (
        f"sent {sent.sent}, settled {sent.settled}, taken back {sent.compensated}; "
        f"accepted {taken.accepted}, refused {taken.refused}"
    )


def _money(
    checkpoints: Mapping[int, Checkpoint], directions: Sequence[_Direction]
) -> list[CutMoney]:
    classes = _classes(checkpoints)
    trial = _by_currency([ClassSum(*key, minor) for key, minor in classes.items()])
    found = []
    for currency in sorted(trial):
        flows = [(_flow(each.sent, currency), _flow(each.taken, currency)) for each in directions]
        in_flight = wrapped(sum([s.sent - s.compensated - t.accepted for s, t in flows]))
        still_open = wrapped(sum([s.sent - s.compensated - s.settled for s, _ in flows]))
        between = classes.get((IN_FLIGHT, currency), 0)
        found.append(CutMoney(currency, trial[currency], between, in_flight, still_open))
    return found


def _off(money: CutMoney) -> str:
    return f"IB accounts hold {money.between}, in flight is {money.in_flight}"


def _classes(checkpoints: Mapping[int, Checkpoint]) -> dict[tuple[str, str], int]:
    sums: dict[tuple[str, str], int] = {}
    for checkpoint in checkpoints.values():
        for each in checkpoint.sums:
            key = each.account, each.currency
            sums[key] = wrapped(sums.get(key, 0) + each.minor)
    return sums


def _by_currency(sums: Sequence[ClassSum]) -> dict[str, int]:
    found: dict[str, int] = {}
    for each in sums:
        found[each.currency] = wrapped(found.get(each.currency, 0) + each.minor)
    return found
