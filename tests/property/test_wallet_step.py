"""Whatever lies on the topics: a recovery in any cut has the writer's rows and sends its bytes."""

from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.sealing import SealReader
from ops.audit.state import encoded, folded, state_differences
from ops.demo.poison import poisoned
from schemas.codec import decode, encode
from schemas.messages.commands import CaptureHold, PlaceHold, TopUp, Transfer, VoidHold
from schemas.messages.control import ActivatePolicy, Control
from schemas.messages.decisions import Decision
from schemas.messages.vocabulary import Outcome, RejectionReason
from tests.support.builders import DAY, MINUTE, SECOND, policy
from tests.support.strategies import POLICY, RULES
from tests.support.writers import Writer, bytes_of, legs_of, wallet_at
from topics.catalog import CONTROL, DEAD_LETTERS, LEGS

PARTITIONS = 2
WALLETS = [wallet_at(partition, number) for partition in range(PARTITIONS) for number in range(3)]
KINDS = {
    "pay": 30,
    "hold": 8,
    "end_hold": 6,
    "top_up": 6,
    "again": 6,
    "poison": 10,
    "misroute": 2,
    "activate": 1,
    "commit": 14,
    "deliver": 20,
    "recover": 2,
}


class Traffic:
    """Two writers, and everything that anybody may put on their topics."""

    def __init__(self):
        self.writers = [Writer(each, PARTITIONS, POLICY, RULES) for each in range(PARTITIONS)]
        self.on_the_way = [[], []]
        self.sent = []
        self.random = Random(0)
        for wallet_id in WALLETS:
            self._home(wallet_id).open(wallet_id, 9_000, ("EUR", "USD"))

    def run(self, seed, length):
        """Do so many things, then commit what is open."""
        self.random = Random(seed)
        for _ in range(length):
            pause = self.random.choice((0, 0, SECOND, 3 * SECOND, MINUTE, 2 * MINUTE, DAY // 8))
            for writer in self.writers:
                writer.at += pause
            (kind,) = self.random.choices(tuple(KINDS), tuple(KINDS.values()))
            getattr(self, f"_{kind}")()
        for writer in self.writers:
            self._close(writer)
        return self

    def _home(self, wallet_id):
        return next(each for each in self.writers if each.job.place.partition_of(wallet_id)
                    == each.partition)  # fmt: skip

    def _send(self, wallet_id, body, command_id=None):
        command_id = command_id or f"n{len(self.sent)}"
        self.sent.append((wallet_id, body, command_id))
        self._home(wallet_id).command(wallet_id, body, command_id)

    def _wallet(self):
        return self.random.choice(WALLETS)

    def _amount(self):
        return self.random.choice((1, 20, 100, 500, 3_000, 4_001, 0))

    def _pay(self):
        payee = self.random.choice((*WALLETS, "nobody"))
        self._send(self._wallet(), Transfer(payee, "EUR", self._amount()))

    def _top_up(self):
        reference = str(self.random.randrange(9))
        self._send(self._wallet(), TopUp("EUR", self._amount(), "card", reference))

    def _hold(self):
        ttl_s = self.random.choice((None, 1, 60))
        self._send(self._wallet(), PlaceHold(self._wallet(), "EUR", self._amount(), ttl_s))

    def _end_hold(self):
        holds = [(w, i) for w, body, i in self.sent if isinstance(body, PlaceHold)]
        if holds:
            wallet_id, hold_id = self.random.choice(holds)
            capture = CaptureHold(hold_id, 1, self.random.random() < 0.5)
            self._send(wallet_id, self.random.choice((capture, VoidHold(hold_id))))

    def _again(self):
        if self.sent:
            wallet_id, body, command_id = self.random.choice(self.sent)
            self._send(wallet_id, self.random.choice((body, VoidHold("x"))), command_id)

    def _poison(self):
        writer = self.random.choice(self.writers)
        good = encode(Control("c", 1, "x", ActivatePolicy(policy())))
        turn = self.random.randrange(9)
        key, value = poisoned(self.random, b"key", good, turn)
        writer.say(value, key, self.random.choice(tuple(writer.topics)[1:]))

    def _misroute(self):
        wallet_id = self._wallet()
        writer = next(each for each in self.writers if each is not self._home(wallet_id))
        writer.command(wallet_id, VoidHold("x"), "stray")

    def _activate(self):
        writer = self.random.choice(self.writers)
        body = ActivatePolicy(policy(version=f"v{self.random.random()}"))
        control = Control(f"ctl{self.random.randrange(5)}", writer.at, "ops", body)
        writer.say(encode(control), str(writer.partition).encode(), CONTROL.name)

    def _commit(self):
        self._close(self.random.choice(self.writers))

    def _close(self, writer):
        group = writer.commit()
        if group is not None:
            for leg in legs_of(group):
                self.on_the_way[leg.partition].append(leg)

    def _deliver(self):
        writer = self.random.choice(self.writers)
        waiting = self.on_the_way[writer.partition]
        for leg in waiting[: self.random.randint(1, 3)]:
            waiting.remove(leg)
            writer.say(leg.value, leg.key, LEGS.name)

    def _recover(self):
        """An owner dies between two groups; its successor sends the last group again."""
        writer = self.random.choice(self.writers)
        self._close(writer)
        heir = writer.recovered(self.random.randint(1, 4))
        heir.groups = writer.groups
        for each in heir.job.resend(heir.read_input):
            if each.topic == LEGS.name:
                self.on_the_way[each.partition].append(each)
        self.writers[writer.partition] = heir


traffic = st.builds(
    lambda seed, n: Traffic().run(seed, n), st.integers(0, 2**32), st.integers(1, 60)
)
few = settings(max_examples=25)


@few
@given(traffic)
def test_every_record_has_one_decision_in_order(world):
    for writer in world.writers:
        decisions = writer.decisions
        assert [each.sequence for each in decisions] == list(range(1, len(decisions) + 1))
        times = [each.decided_at for each in decisions]
        assert times == sorted(times)
        for topic, records in writer.topics.items():
            answered = [
                each.source.offset
                for each in decisions
                if getattr(each.source, "topic", "").lower() in topic
                and hasattr(each.source, "offset")
            ]
            assert answered == list(range(len(records))), topic


@few
@given(traffic, st.integers(1, 5))
def test_a_recovery_in_any_cut_has_the_same_rows_to_the_byte(world, flush_every):
    for writer in world.writers:
        heir = writer.recovered(flush_every)
        assert state_differences(writer.rows, heir.rows) == []
        assert heir.positions == writer.positions


@few
@given(traffic)
def test_a_fold_of_the_log_alone_has_the_same_rows_to_the_byte(world):
    for writer in world.writers:
        reader = SealReader(writer.partition, lambda value: decode(Decision, value))
        taken = [
            reader.take(each.offset, each.value, dict(each.headers)["chain"]) for each in writer.log
        ]
        groups = [group for group in taken if group is not None]
        assert state_differences(encoded(folded(groups)), writer.rows) == []


@few
@given(traffic)
def test_a_recovered_owner_sends_the_very_same_outputs(world):
    for writer in world.writers:
        live = bytes_of(writer.groups[-1].outputs)
        heir = writer.recovered()
        assert bytes_of(heir.job.resend(heir.read_input)) == live


@few
@given(traffic)
def test_the_last_legs_that_come_again_change_nothing(world):
    """Whatever happened since, a receiver drops what a recovering sender sends again."""
    for sender in world.writers:
        receiver = world.writers[1 - sender.partition]
        waiting = {leg.value for leg in world.on_the_way[receiver.partition]}
        for leg in legs_of(sender.groups[-1]):
            if leg.value not in waiting:
                again = receiver.say(leg.value, leg.key, LEGS.name)
                assert (again.outcome, again.events) == (Outcome.DUPLICATE, ())


def test_the_traffic_brings_everything_that_is_tried_here():
    seen = set()
    for seed in range(12):
        world = Traffic().run(seed, 80)
        for writer in world.writers:
            seen |= {each.topic for group in writer.groups for each in group.outputs}
            for decision in writer.decisions:
                seen |= {type(event).__name__ for event in decision.events}
                seen |= {decision.reason, decision.outcome, type(decision.source).__name__}
    reasons = (RejectionReason.UNREADABLE, RejectionReason.TOO_LARGE, RejectionReason.MISROUTED)
    events = ("TransferSettled", "TransferCompensated", "HoldReleased", "TransferCancelAsked")
    others = (Outcome.DUPLICATE, "TimerSource", "PolicyActivated", DEAD_LETTERS.name)
    assert {*reasons, *events, *others} <= seen
