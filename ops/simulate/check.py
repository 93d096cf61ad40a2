"""Check: what must hold when a simulation has come to rest.

Owns: the list of invariants over log, outputs, inputs, stores and sinks.
Never: takes the word of a worker: everything is read from logs, disks and stores.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from ops.audit.state import encoded, folded, state_differences
from ops.simulate.again import decided_again
from ops.simulate.watch import ALL
from ops.simulate.world import World
from schemas.codec import decode
from schemas.messages.decisions import Decision, InputSource
from schemas.messages.results import Result
from schemas.messages.vocabulary import Outcome, RejectionReason, Stage
from sinks.digests import LogDigests, differences
from streams.runtime.applied import read_applied
from streams.runtime.overlay import APPLIED_KEY
from streams.wallet.catalogued import TOPIC_NAMES
from streams.wallet.outputs import resent
from topics.catalog import EVENTS, RESULTS

REST_S = 120.0  # virtual seconds in which everything must come to rest
Sent = tuple[bytes | None, bytes | None]


def rested(world: World) -> bool:
    """Say whether nothing is left to do: inputs decided, sagas over, stores abreast."""
    totals = world.watch.totals
    if totals.open_transfers or totals.open_reviews or world.coordinator.any_open():
        return False
    for number in range(world.partitions):
        groups, log = world.watch.groups[number], world.log((EVENTS.name, number))
        held = world.sinking.store.position(number)
        if groups and (held is None or held.next_offset != groups[-1].next_offset):
            return False
        machine = world.crew.owner(number)
        if machine is None:
            return False
        applied = machine.disks[number].rows.get(APPLIED_KEY)
        if groups and (applied is None or read_applied(applied)[1] != groups[-1].next_offset):
            return False
        if any(_undecided(world, number)) or log.stable_end != log.end:
            return False
    return True


def check(world: World) -> Iterator[str]:
    """Yield everything that does not hold."""
    for number in range(world.partitions):
        yield from _inputs_once(world, number)
        yield from _state(world, number)
        yield from _sinks(world, number)
        yield from decided_again(world.job, number, world.watch.groups[number], world.read_input)
    yield from _balances(world)
    yield from _outputs(world)
    yield from _answers(world)


def _inputs(world: World, number: int, topic: str) -> list[int]:
    return world.log((topic, number)).visible(0, ALL)


def _decisions(world: World, number: int) -> Iterator[Decision]:
    for group in world.watch.groups[number]:
        yield from group.decisions


def _covered(world: World, number: int) -> dict[str, list[int]]:
    covered: dict[str, list[int]] = {topic.name: [] for topic in world.job.inputs}
    for decision in _decisions(world, number):
        if isinstance(decision.source, InputSource):
            covered[TOPIC_NAMES[decision.source.topic]].append(decision.source.offset)
    return covered


def _undecided(world: World, number: int) -> Iterator[str]:
    """Yield an input topic whose last record is not decided yet."""
    for topic in world.job.inputs:
        name, log = topic.name, world.log((topic.name, number))
        next_offset = world.watch.positions(number).get(name, 0)
        if log.visible(next_offset, 1) or log.stable_end != log.end:
            yield name


def _inputs_once(world: World, number: int) -> Iterator[str]:
    for topic, decided in _covered(world, number).items():
        wanted = _inputs(world, number, topic)
        if decided != wanted:
            missing = sorted(set(wanted) - set(decided))[:3]
            extra = sorted(set(decided) - set(wanted))[:3]
            yield (
                f"{topic}[{number}]: {len(wanted)} records, {len(decided)} Decisions; "
                f"undecided {missing}, decided though not there {extra}"
            )


def _state(world: World, number: int) -> Iterator[str]:
    """The store is the fold of the log, and its applied row says how far."""
    machine = world.crew.owner(number)
    assert machine is not None, "a world at rest has an owner for every partition"
    groups = world.watch.groups[number]
    rows = dict(machine.disks[number].rows)
    applied = rows.pop(APPLIED_KEY, None)
    for difference in state_differences(encoded(folded(groups)), rows):
        yield f"state of partition {number} on {machine.name}: {difference}"
    if groups and applied is not None:
        seal = groups[-1].decisions[-1].seal
        assert seal is not None, "a group ends with its seal"
        wanted = {place.topic: place.offset for place in seal.next_positions}
        if read_applied(applied)[1:] != (groups[-1].next_offset, wanted):
            yield f"partition {number}: positions in the store are not those of the last seal"


def _sinks(world: World, number: int) -> Iterator[str]:
    log = LogDigests(number)
    log.add(list(_decisions(world, number)))
    for difference in differences(log.result(), world.sinking.store.digest(number)):
        yield f"sink, partition {number}: {difference}"


def _balances(world: World) -> Iterator[str]:
    totals = world.watch.totals
    for (number, currency), minor in sorted(totals.trial_balance().items()):
        if minor:
            yield f"trial balance of partition {number} is {minor} {currency}"
    for currency, minor in sorted(totals.in_flight().items()):
        if minor:
            yield f"{minor} {currency} in flight with every transfer ended"
    for (number, account, owner, currency), minor in sorted(totals.balances.items()):
        if account.startswith("W.") and minor > 0:
            yield f"{account}:{owner} of partition {number} owes {minor} {currency}"


def _outputs(world: World) -> Iterator[str]:
    """What may be read from the output topics is what the log says was sent, and all of it."""
    wanted: defaultdict[tuple[str, int], set[Sent]] = defaultdict(set)
    for number in range(world.partitions):
        read = world.read_input
        for output in resent(list(_decisions(world, number)), read):
            wanted[output.topic, output.partition].add((output.key, output.value))
    for topic in world.job.outputs:
        for number in range(world.partitions):
            log = world.log((topic.name, number))
            entries = [log.entries[offset] for offset in log.visible(0, ALL)]
            seen = {(entry.key, entry.value) for entry in entries}
            sent = wanted[topic.name, number]
            if seen - sent:
                yield f"{topic.name}[{number}]: {len(seen - sent)} records of no Decision"
            if sent - seen:
                yield f"{topic.name}[{number}]: {len(sent - seen)} records never sent"


def _answers(world: World) -> Iterator[str]:
    """What a client was told is never contradicted."""
    final: dict[tuple[str, str], tuple[Outcome, RejectionReason | None]] = {}
    for number in range(world.partitions):
        log = world.log((RESULTS.name, number))
        for offset in log.visible(0, ALL):
            result = decode(Result, log.entries[offset].value or b"")
            if result.stage is not Stage.FINAL or result.reason in _OF_THE_ATTEMPT:
                continue
            if result.dry_run is not None:
                continue  # its id stays free
            said = _first_answer(result)
            key = (result.wallet_id, result.command_id)
            if said is not None and final.setdefault(key, said) != said:
                yield f"{key} was told {final[key]} and then {said}"


# Answers about one attempt to say a command, not about the command.
_OF_THE_ATTEMPT = frozenset(
    {
        RejectionReason.IDEMPOTENCY_MISMATCH,
        RejectionReason.MISROUTED,
        RejectionReason.KEY_MISMATCH,
    }
)


def _first_answer(result: Result) -> tuple[Outcome, RejectionReason | None] | None:
    """Return what a result says of its command; a duplicate says it by its reason alone."""
    if result.outcome is Outcome.DUPLICATE:
        refused = result.reason is not None
        return (Outcome.REJECTED if refused else Outcome.ACCEPTED), result.reason
    return result.outcome, result.reason
