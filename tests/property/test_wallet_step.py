"""Whatever lies on the topics: a recovery in any cut has the writer's rows and sends its bytes."""

from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.sealing import SealReader
from ops.audit.state import encoded, folded, state_differences
from schemas.codec import decode
from schemas.messages.decisions import Decision
from schemas.messages.vocabulary import Outcome, RejectionReason
from streams.wallet.catalogued import INPUT_TOPICS
from tests.support.traffic import Traffic
from tests.support.writers import bytes_of, legs_of
from topics.catalog import DEAD_LETTERS, LEGS, SHADOW

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
                if getattr(each.source, "topic", None) is INPUT_TOPICS[topic]
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
        outputs = writer.groups[-1].outputs
        # What a ruleset in shadow said is not sent again.
        live = bytes_of([each for each in outputs if each.topic != SHADOW.name])
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
    for seed in range(48):
        world = Traffic().run(seed, 80)
        for writer in world.writers:
            seen |= {each.topic for group in writer.groups for each in group.outputs}
            for decision in writer.decisions:
                seen |= {type(event).__name__ for event in decision.events}
                seen |= {decision.reason, decision.outcome, type(decision.source).__name__}
    reasons = (RejectionReason.UNREADABLE, RejectionReason.TOO_LARGE, RejectionReason.MISROUTED)
    events = ("TransferSettled", "TransferCompensated", "HoldReleased", "TransferCancelAsked")
    families = ("AdjustmentRecorded", "QuoteTaken", "InterestMoved", "RatesSet", "ReferenceTaken")
    others = (Outcome.DUPLICATE, "TimerSource", "PolicyActivated", DEAD_LETTERS.name, SHADOW.name)
    assert {*reasons, *events, *families, *others} <= seen
