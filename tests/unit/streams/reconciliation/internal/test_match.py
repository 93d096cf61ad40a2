"""Match: what meets is compared once, at equal numbers; repeats change nothing; lag is no break."""

import pytest

from schemas.codec import encode
from schemas.messages.recon import (
    Checkpoint,
    ClassSum,
    CurrencySum,
    DirectionRow,
    Finding,
    PairFlow,
    PairPoint,
    PairVector,
    ReconFact,
)
from schemas.messages.vocabulary import ReconCheck
from streams.reconciliation.internal import ends
from streams.reconciliation.internal.checks import CHECKS
from streams.reconciliation.internal.ends import NEVER_MET, meet
from streams.reconciliation.internal.match import OPEN_CUTS_MAX
from streams.reconciliation.internal.match_job import MatchJob, match_job
from streams.reconciliation.internal.match_tables import CHECKPOINTS
from streams.reconciliation.internal.proof import prove
from streams.runtime.job import InputRecord
from tests.support.checked import copied
from tests.support.recon import Follower, Reconciliation
from topics.catalog import RECON_EVENTS, RECON_FACTS


def point(number, minor, *, at_source, digest=b"d"):
    sums = (CurrencySum("EUR", minor),) if minor else ()
    return PairPoint(0, 1, at_source, number, digest, sums)


def source(number, minor=0, **given):
    return point(number, minor, at_source=True, **given)


def destination(number, minor=0, **given):
    return point(number, minor, at_source=False, **given)


def after(*points, row=NEVER_MET):
    for each in points:
        met = meet(row, each)
        row = met.row
    return met


def test_a_point_waits_for_the_other_end():
    met = after(source(1_000, 5), source(2_000, 9))
    assert (met.wrong, met.row.met) == (None, 0)
    assert [each.pair_seq for each in met.row.waiting] == [1_000, 2_000]


def test_equal_ends_meet_and_what_lies_below_is_forgotten():
    met = after(source(7, 3), source(1_000, 5), source(2_000, 9), destination(1_000, 5))
    assert (met.wrong, met.row) == (None, DirectionRow(1_000, 0, (source(2_000, 9),)))
    assert after(destination(7, 99), row=met.row).row == met.row


@pytest.mark.parametrize("order", [1, -1])
@pytest.mark.parametrize(
    ("sent", "taken", "detail"),
    [
        (
            (5, b"d"),
            (6, b"d"),
            "legs 1001 to 2000: sent {'EUR': 5}, accepted and refused {'EUR': 6}",
        ),
        ((5, b"d"), (5, b"e"), "legs 1001 to 2000: the same sums ({'EUR': 5}), other legs"),
        ((0, b"d"), (5, b"d"), "legs 1001 to 2000: sent {}, accepted and refused {'EUR': 5}"),
    ],
)
def test_ends_that_differ_name_the_legs_since_they_were_equal(order, sent, taken, detail):
    row = after(source(1_000, 1), destination(1_000, 1)).row
    both = source(2_000, sent[0], digest=sent[1]), destination(2_000, taken[0], digest=taken[1])
    met = after(*both[::order], row=row)
    assert met.wrong.startswith(detail)
    assert (met.row.met, met.row.broken) == (1_000, 2_000)
    assert after(source(3_000, 1), destination(3_000, 2), row=met.row).wrong is None


def test_what_waits_is_bounded_and_the_newest_stay(monkeypatch):
    monkeypatch.setattr(ends, "WAITING_MAX", 3)
    met = after(*(source(number) for number in (1, 2, 3, 4, 4)))
    assert [each.pair_seq for each in met.row.waiting] == [2, 3, 4]


def test_the_same_point_again_is_one_point():
    met = after(source(5, 1), source(5, 1))
    assert met.row.waiting == (source(5, 1),)


# --- cuts


def flow(sent=0, compensated=0, settled=0, accepted=0, refused=0):
    return PairFlow("EUR", sent, compensated, settled, accepted, refused)


def checkpoint(k=1, ib=0, peers=(), open_count=0, **sums):
    """`peers` is (peer, sent_seq, received_seq, flow); IB holds `ib`, W.AVL its negative."""
    pairs = tuple(PairVector(p, s, r, (f,), ()) for p, s, r, f in peers)
    classes = {"IB": ib, "W.AVL": -ib, **sums}
    found = tuple(ClassSum(name, "EUR", minor) for name, minor in classes.items())
    return Checkpoint(k, "2026-11-29", 9, 8, b"c", found, pairs, open_count, (), ())


def test_a_cut_with_money_in_flight_is_equal():
    """Sent before the cut, taken after it."""
    left = checkpoint(ib=-70, peers=[(1, 2, 0, flow(sent=70))], open_count=2)
    proof = prove({0: left, 1: checkpoint()})
    (money,) = proof.proved.money
    assert (money.between, money.in_flight, money.open, money.trial) == (-70, 70, 70, 0)
    assert (proof.proved.equal, proof.proved.legs_behind, proof.proved.legs_ahead) == (True, 2, 0)
    assert (proof.proved.open_count, proof.proved.label) == (2, "2026-11-29")


def test_a_cut_that_money_crosses_backwards_is_equal():
    """Taken before the cut by a partition that reached it late, sent after it."""
    right = checkpoint(ib=70, peers=[(0, 1, 1, flow(accepted=70))])
    proof = prove({0: checkpoint(), 1: right})
    (money,) = proof.proved.money
    assert (money.between, money.in_flight) == (70, -70)
    assert (proof.proved.equal, proof.proved.legs_behind, proof.proved.legs_ahead) == (True, 1, 1)


def test_accepted_money_is_no_more_in_flight_though_its_sender_has_not_heard():
    left = checkpoint(ib=-50, peers=[(1, 2, 0, flow(sent=50))])
    right = checkpoint(ib=30, peers=[(0, 2, 2, flow(accepted=30, refused=20))])
    (money,) = prove({0: left, 1: right}).proved.money
    assert (money.between, money.in_flight, money.open) == (-20, 20, 50)


@pytest.mark.parametrize(
    ("sent", "taken"),
    [
        (flow(sent=50), flow(accepted=30)),
        (flow(sent=50, settled=40), flow(accepted=30, refused=20)),
        (flow(sent=50, compensated=30), flow(accepted=30, refused=20)),
    ],
)
def test_ends_at_the_same_number_must_agree(sent, taken):
    ib = -(sent.sent - sent.compensated)
    left = checkpoint(ib=ib, peers=[(1, 2, 0, sent)])
    right = checkpoint(ib=taken.accepted, peers=[(0, 0, 2, taken)])
    proof = prove({0: left, 1: right})
    assert [(each.check.name, each.subject) for each in proof.unequal] == [("RI05", "pair 0-1")]
    assert not proof.proved.equal


def test_ib_accounts_that_hold_something_else_than_is_in_flight():
    left = checkpoint(ib=-71, peers=[(1, 1, 0, flow(sent=70))])
    proof = prove({0: left, 1: checkpoint()})
    assert [(each.check.name, each.subject) for each in proof.unequal] == [
        ("RI05", "all pairs EUR")
    ]
    assert proof.unequal[0].detail == "IB accounts hold -71, in flight is 70"


def test_a_partition_that_does_not_add_up_is_named():
    proof = prove({0: checkpoint(), 1: checkpoint(**{"EQ.OPEN": 3})})
    assert [(each.check.name, each.subject) for each in proof.unequal] == [("RI02", "partition 1")]
    assert proof.proved.money[0].trial == 3
    assert ClassSum("EQ.OPEN", "EUR", 3) in proof.proved.sums


# --- the job


def told(partitions, *facts):
    """A reconciliation whose match job of partition 0 heard so many facts."""
    found = Reconciliation(partitions)
    for partition, number, body in facts:
        value = encode(ReconFact(partition, number, 77, body))
        place = (RECON_FACTS.name, 0, len(found.said[0]), 0)
        found.said[0].append(InputRecord(*place, b"", value))
    return found.follow([[] for _ in range(partitions)])


def finding(*, opened, number=1):
    return 0, number, Finding("RI07-0-a", ReconCheck.RI07, opened, "a EUR", 5, "detail")


def test_a_break_opens_once_and_closes_once():
    found = told(1, finding(opened=True), finding(opened=True, number=2))
    assert [each.event_id for each in found.events] == ["RI07-0-a-opened"]
    (opened,) = found.opened
    check = CHECKS[ReconCheck.RI07]
    assert (opened.severity, opened.action) == (check.severity, check.action)
    closing = told(1, finding(opened=True), *(finding(opened=False, number=n) for n in (2, 3)))
    assert [each.event_id for each in closing.events] == ["RI07-0-a-opened", "RI07-0-a-closed"]
    assert closing.events[0].at == 77


def test_facts_that_come_again_are_dropped():
    both = finding(opened=True), finding(opened=False, number=2)
    assert len(told(1, *both, *both).events) == 2


def test_a_fact_that_is_missing_halts():
    with pytest.raises(AssertionError, match="fact 3 of partition 0 follows 1"):
        told(1, finding(opened=True), finding(opened=False, number=3))


def test_a_cut_is_proved_when_every_partition_has_taken_it():
    first = told(2, (0, 1, checkpoint(k=2)))
    assert [(each.k, each.partition) for each in first.reached] == [(2, 0)]
    assert first.proofs == {}
    both = told(2, (0, 1, checkpoint(k=2)), (1, 1, checkpoint(k=2)))
    (proof,) = both.proofs.values()
    assert (proof.k, proof.partitions, proof.equal) == (2, 2, True)
    assert [(each.sequence, each.offset, each.chain) for each in both.reached] == [(8, 9, b"c")] * 2


def test_what_does_not_hold_at_a_cut_is_a_break():
    wrong = copied(checkpoint(k=2), sums=(ClassSum("W.AVL", "EUR", 1),))
    found = told(2, (0, 1, wrong), (1, 1, checkpoint(k=2)))
    assert set(found.open) == {"RI02-cut-2-partition 0"}
    assert not found.proofs[2].equal


def test_cuts_that_some_partition_never_takes_are_forgotten_in_the_end():
    many = OPEN_CUTS_MAX + 2
    cuts = [(0, number, checkpoint(k=2 * number)) for number in range(1, many + 1)]
    found = told(2, *cuts)
    (job,) = (each for each in found.matches if each.partition == 0)
    kept = {key[0] for key, _ in job.overlay.table(CHECKPOINTS).first(many)}
    assert kept == {2 * number for number in range(3, many + 1)}


def test_the_job_is_on_its_changelog():
    job = match_job(2)
    assert (job.name, job.log.name) == ("match", "match.changelog.v1")
    assert job.outputs == (RECON_EVENTS,)
    assert Follower(MatchJob(2), 0).steps.fire(2**61) is None
