"""The protocol between two partitions, explored: every order of everything that can happen.

Breadth first over the real core. What can happen next in a state: a transfer begins, the next leg
of a channel arrives, an owner recovers and sends the legs of its last transaction again, the timer
of an unanswered transfer fires (the cancel races with the answer), the recipient is blocked or
freed. Equal states are explored once. Kafka keeps the order of a channel and loses nothing; the
second test does both to it all the same, and finds a halt, never wrong money.
"""

from collections import Counter

import pytest

from ledger.errors import InvariantError
from schemas.messages.commands import ChangeWalletStatus, TopUp, Transfer
from schemas.messages.vocabulary import Authority, StatusAction
from tests.support.aloud import say_aloud
from tests.support.builders import Rig, fees, policy
from tests.support.looking import balance, rows_of, system_balance, trial_balance

PARTITIONS = 2
PEOPLE = ("alice", "bob-1")
FUNDS, FEE, ATTEMPTS = 1_000, 5, 2
BEGINS_WITH = FUNDS - FEE  # a top-up has its fee too
POLICY = policy(fees=fees(0, FEE), saga_max_attempts=ATTEMPTS)
AMOUNTS = {"there": 50, "back": 20}
BLOCK, FREE = StatusAction.FREEZE_CREDIT, StatusAction.UNFREEZE
# How often each may happen on one way through.
ONCE = {
    **{f"begin {name}": 1 for name in AMOUNTS},
    "resend 0": 1,
    "resend 1": 1,
    "fire 0": 3,
    "fire 1": 1,
    "block": 1,
    "free": 1,
}

# What Kafka does not do, and how many legs must be under way for it.
FAULTS = {"lose": 1, "overtake": 2}


class State:
    """Two partitions and the two channels between them; `left` is what may still happen."""

    def __init__(self, rigs, channels, last_groups, left):
        self.rigs, self.channels, self.last_groups, self.left = rigs, channels, last_groups, left

    def copy(self):
        rigs = [copied(rig) for rig in self.rigs]
        channels = [list(each) for each in self.channels]
        return State(rigs, channels, [list(each) for each in self.last_groups], Counter(self.left))

    def key(self):
        """What distinguishes it; two ways that lead to equal rows and channels are one."""
        rows = [sorted(map(repr, table.items())) for rig in self.rigs for table in tables(rig)]
        return repr((rows, self.channels, self.last_groups, sorted(self.left.items())))

    def actions(self):
        """Names of everything that can happen now."""
        for name, times in self.left.items():
            kind, _, side = name.partition(" ")
            if times <= 0:
                continue
            if kind == "fire" and not self.rigs[int(side)].view.timers.rows:
                continue
            if kind == "resend" and not self.last_groups[int(side)]:
                continue
            if kind in FAULTS and len(self.channels[int(side)]) < FAULTS[kind]:
                continue
            yield name
        for side, channel in enumerate(self.channels):
            if channel:
                yield f"deliver {side}"

    def act(self, name):
        """Let it happen; the legs it sends are in their channel, as one transaction."""
        kind, _, what = name.partition(" ")
        self.left[name] -= 1
        match kind:
            case "begin":
                side = 0 if what == "there" else 1
                body = Transfer(PEOPLE[1 - side], "EUR", AMOUNTS[what])
                self.rigs[side].command(PEOPLE[side], body, what)
            case "resend":
                self.channels[int(what)] += self.last_groups[int(what)]
                return
            case "fire":
                side = int(what)
                self.rigs[side].fire()
            case "deliver" | "overtake":
                side = 1 - int(what)
                leg = self.channels[int(what)].pop(0 if kind == "deliver" else 1)
                self.rigs[side].leg(leg)
            case "lose":
                self.channels[int(what)].pop(0)
                return
            case _:
                side = 1
                action = BLOCK if kind == "block" else FREE
                self.rigs[1].command("bob-1", ChangeWalletStatus(action, Authority.OPERATOR), kind)
        self._send(side)

    def _send(self, side):
        if legs := self.rigs[side].legs:
            self.last_groups[side] = list(legs)
            self.channels[side] += legs
            legs.clear()

    def events(self, *kinds):
        """How often each transfer met an event of these kinds."""
        return Counter(
            event.transfer_id
            for rig in self.rigs
            for decision, _ in rig.log
            for event in decision.events
            if type(event).__name__ in kinds
        )


def copied(rig):
    other = Rig(rig.place.partition, PARTITIONS, POLICY, at=rig.at)
    for mine, theirs in zip(tables(other), tables(rig), strict=True):
        mine.update(theirs)
    other.log, other.records, other.legs = list(rig.log), list(rig.records), list(rig.legs)
    return other


def tables(rig):
    return [getattr(rig.view, name).rows for name in rows_of(rig.view)]


def start(**more):
    rigs = [Rig(each, PARTITIONS, POLICY) for each in range(PARTITIONS)]
    for rig, wallet_id in zip(rigs, PEOPLE, strict=True):
        rig.open(wallet_id)
        rig.command(wallet_id, TopUp("EUR", FUNDS, "card", "ref"))
    return State(rigs, [[], []], [[], []], Counter({**ONCE, **more}))


def explored(first, look):
    """Every state that can be reached, each looked at once; how many, and how many are ends."""
    seen, todo, ends, halts = {first.key()}, [first], 0, 0
    while todo:
        state = todo.pop()
        look(state)
        names = list(state.actions())
        ends += not names
        for name in names:
            after = state.copy()
            try:
                after.act(name)
            except InvariantError:
                halts += 1
                continue
            key = after.key()
            if key not in seen:
                seen.add(key)
                todo.append(after)
    return len(seen), ends, halts


def check_money(state):
    """No way of happening credits twice, credits what was given back, or makes or loses money."""
    credited = state.events("TransferCredited")
    settled = state.events("TransferSettled")
    given_back = state.events("TransferCompensated")
    assert set(credited.values()) <= {1}
    assert set((settled + given_back).values()) <= {1}
    assert not set(credited) & set(given_back)
    assert set(settled) <= set(credited)
    for rig in state.rigs:
        assert set(trial_balance(rig.view).values()) <= {0}


def check_rest(state):
    """Where nothing is under way, everything has ended and the money is where it belongs."""
    check_money(state)
    if any(state.channels):
        return
    assert all(rig.view.sagas.rows == {} for rig in state.rigs)
    settled = state.events("TransferSettled")
    moved = {name: AMOUNTS[name] * settled[name] for name in AMOUNTS}
    paid = {name: FEE * settled[name] for name in AMOUNTS}
    alice, bob = (balance(rig.view, who) for rig, who in zip(state.rigs, PEOPLE, strict=True))
    assert alice == BEGINS_WITH - moved["there"] - paid["there"] + moved["back"]
    assert bob == BEGINS_WITH - moved["back"] - paid["back"] + moved["there"]
    between = [system_balance(rig.view, "IB", str(1 - n)) for n, rig in enumerate(state.rigs)]
    assert sum(between) == 0


@pytest.mark.parametrize(
    ("transfers", "without"),
    [
        ("one", {"begin back": 0}),
        ("two", {"fire 0": 1, "fire 1": 1, "free": 0, "resend 1": 0}),
    ],
)
def test_no_order_of_events_doubles_loses_or_strands_a_transfer(transfers, without, request):
    states, ends, halts = explored(start(**without), check_rest)
    say_aloud(request, f"{states} states of {transfers} explored, {ends} of them ends")
    assert halts == 0
    assert ends > 0


@pytest.mark.parametrize("fault", FAULTS)
def test_a_lost_or_overtaken_leg_halts_and_never_moves_money_wrongly(fault, request):
    more = {"resend 0": 0, "resend 1": 0, "block": 0, "free": 0, f"{fault} 0": 1, f"{fault} 1": 1}
    states, _, halts = explored(start(**more), check_money)
    say_aloud(request, f"{states} states where one may {fault}: {halts} ways halt")
    assert halts > 0
