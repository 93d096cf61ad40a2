"""What is said of one partition: checkpoints, points, late money; torn groups count for nothing."""

from ledger.chart import IN_FLIGHT
from schemas.codec import decode
from schemas.messages.commands import (
    CaptureHold,
    IncrementHold,
    PlaceHold,
    Transfer,
    VoidHold,
)
from schemas.messages.recon import (
    Checkpoint,
    CurrencySum,
    DirectionRow,
    OpenItem,
    PairPoint,
    ReconFact,
)
from schemas.messages.vocabulary import ReconAction, ReconSeverity, RejectionReason
from streams.reconciliation.internal import legs
from streams.reconciliation.internal.facts_job import FactsJob, facts_job
from streams.reconciliation.internal.match_tables import DIRECTIONS
from streams.reconciliation.internal.routes import route
from tests.support.builders import MINUTE, SECOND
from tests.support.recon import Follower, Reconciliation, chain_of, log_of_rig
from tests.unit.streams.reconciliation.internal.valley import ALICE, BOB, END, Valley, day, followed
from topics.catalog import RECON_FACTS


def said(reconciliation, kind):
    """Facts of a kind, in the order of their topic partitions."""
    facts = [decode(ReconFact, each.value) for records in reconciliation.said for each in records]
    return [fact for fact in facts if isinstance(fact.body, kind)]


def test_a_checkpoint_says_how_the_partition_stands_at_the_cut():
    valley = Valley()
    debit = valley.pay(100)
    valley.cut()
    valley.deliver()
    logs = valley.logs()
    (first,) = [each for each in said(followed(logs), Checkpoint) if each.partition == 0]
    body = first.body
    assert (body.k, body.label, body.sequence, body.offset) == (1, "", 4, 6)
    assert body.chain == chain_of(logs[0][:4])
    sums = {(each.account, each.currency): each.minor for each in body.sums}
    assert sums == {
        ("IB", "EUR"): -100,
        ("RAIL.RCV", "EUR"): 9_000,
        ("W.AVL", "EUR"): -8_900,
    }
    (pair,) = body.pairs
    assert (pair.peer, pair.sent_seq, pair.received_seq) == (1, 1, 0)
    assert pair.balances == (CurrencySum("EUR", -100),)
    assert (body.open_count, body.open_sums) == (1, (CurrencySum("EUR", 100),))
    at = debit.decided_at
    assert body.open_items == (OpenItem(1, 1, ALICE, debit.command_id, "EUR", 100, at),)


def test_of_many_open_credits_some_are_named_and_all_are_counted(monkeypatch):
    monkeypatch.setattr(legs, "ITEMS_MAX", 2)
    valley = Valley()
    for amount in (1, 2, 3):
        valley.pay(amount)
    valley.cut()
    (first,) = [each for each in said(followed(valley.logs()), Checkpoint) if each.partition == 0]
    assert [each.amount for each in first.body.open_items] == [1, 2]
    assert (first.body.open_count, first.body.open_sums) == (3, (CurrencySum("EUR", 6),))


def test_points_are_said_at_every_thousandth_leg_and_when_a_pair_is_still(monkeypatch):
    monkeypatch.setattr(legs, "POINT_EVERY", 2)
    valley = Valley()
    for _ in range(3):
        valley.pay(10)
    valley.deliver()
    busy = Reconciliation(2).follow(valley.logs())
    numbers = [(e.body.source, e.body.at_source, e.body.pair_seq) for e in said(busy, PairPoint)]
    assert sorted(numbers) == [(0, False, 2), (0, True, 2), (1, False, 2), (1, True, 2)]
    still = busy.idle(END)
    last = [each.body for each in said(still, PairPoint) if each.body.pair_seq == 3]
    assert len(last) == 4
    sent, taken = (e for e in last if e.source == 0)
    assert sent.digest == taken.digest
    assert sent.sums == taken.sums == (CurrencySum("EUR", 30),)
    meeting = still.matches[route(0, sent, 2)[0]].overlay.table(DIRECTIONS)
    assert meeting.get((0, 1)) == DirectionRow(3, 0, ())


def test_a_pair_that_is_not_still_is_looked_at_again_later():
    valley = Valley()
    valley.pay(10)
    valley.wait(SECOND)
    valley.pay(10)
    found = Reconciliation(2).follow(valley.logs())
    last = valley.rigs[0].at
    for until, points in ((last + SECOND, 0), (last + 2 * SECOND - 1, 0), (last + 2 * SECOND, 1)):
        assert len(said(found.idle(until), PairPoint)) == points, until - last


def test_money_that_is_late_is_a_case_and_ends_with_the_answer():
    valley = Valley()
    debit = valley.pay(100)
    late = Reconciliation(2, late_us=5 * MINUTE).follow(valley.logs())
    assert late.idle(debit.decided_at + 5 * MINUTE - 1).opened == []
    (found,) = late.idle(debit.decided_at + 5 * MINUTE).opened
    assert (found.check.name, found.severity) == ("RI06", ReconSeverity.WARNING)
    assert (found.action, found.subject) == (ReconAction.CASE, "leg 1 to 1")
    assert found.detail == f"100 EUR of transfer {debit.command_id} of {ALICE}"
    late.idle(debit.decided_at + 60 * MINUTE)
    assert len(late.opened) == 1
    valley.wait(61 * MINUTE)
    valley.deliver()
    assert late.follow(valley.logs()).open == {}
    assert late.closed == [found.break_id]


def test_money_that_arrives_in_time_is_never_late():
    valley = Valley()
    valley.pay(100)
    valley.deliver()
    found = Reconciliation(2, late_us=5 * MINUTE).follow(valley.logs()).idle(END)
    assert found.opened == []


def test_a_repeat_of_a_forgotten_leg_changes_nothing():
    valley = Valley()
    valley.pay(1)
    (leg,) = valley.rigs[0].legs
    valley.deliver()
    for _ in range(3):  # each group moves the floor up, so the first leg is forgotten
        valley.pay(1)
        valley.deliver()
    parked = valley.rigs[1].leg(leg)
    assert [type(each).__name__ for each in parked.events] == ["LegReceived"]
    valley.cut()
    found = followed(valley.logs())
    assert (found.opened, found.proofs[1].equal) == ([], True)


def test_a_torn_transaction_counts_for_nothing():
    """Its owner decided it again: what was buffered is void, what follows is no repeat."""
    valley = day()
    rig = valley.rigs[0]
    rig.grouping = True
    first = valley.pay(9).sequence
    valley.pay(8)
    rig.seal()
    rig.grouping = False
    valley.deliver()
    valley.cut()
    logs = valley.logs()
    torn = logs[0][first - 1 : first]
    for lost in (torn, torn * 3, logs[0][first - 1 : first + 1][:1]):
        again = logs[0][: first - 1] + lost + logs[0][first - 1 :]
        found = followed([again, logs[1]])
        assert found.opened == []
        (cut,) = [e for e in said(found, Checkpoint) if e.partition == 0 and e.body.k == 4]
        assert cut.body.chain == chain_of(logs[0][: cut.body.sequence])


def test_a_transaction_that_is_not_sealed_yet_is_not_followed():
    valley = Valley()
    rig = valley.rigs[0]
    rig.grouping = True
    valley.pay(9)
    found = Reconciliation(2).follow([log_of_rig(rig), []])
    assert found.idle(END).said == [[], []]


def test_a_cut_in_the_middle_of_a_transaction_is_a_cut_there():
    valley = Valley()
    rig = valley.rigs[0]
    rig.grouping = True
    valley.pay(9)
    valley.cut()
    valley.pay(8)
    rig.seal()
    rig.grouping = False
    (cut,) = [e for e in said(followed(valley.logs()), Checkpoint) if e.partition == 0]
    sums = {(each.account, each.currency): each.minor for each in cut.body.sums}
    assert sums[IN_FLIGHT, "EUR"] == -9


def test_what_moves_nothing_says_nothing():
    valley = Valley()
    refused = valley.rigs[0].command(ALICE, Transfer(BOB, "EUR", 0))
    assert refused.reason is RejectionReason.AMOUNT_NOT_POSITIVE
    assert Reconciliation(2).follow(valley.logs()).said == [[], []]


def test_facts_about_the_same_thing_meet_in_the_same_partition():
    sent = PairPoint(3, 5, True, 1, b"", ())
    taken = PairPoint(3, 5, False, 1, b"", ())
    assert route(3, sent, 8) == route(5, taken, 8) == ((31 * 3 + 5) % 8, b"pair-3-5")
    cut = Checkpoint(9, "", 0, 1, b"", (), (), 0, (), ())
    assert [route(each, cut, 8) for each in range(8)] == [(1, b"cut-9")] * 8


def test_the_job_is_on_its_changelog():
    job = facts_job(2)
    assert (job.name, job.log.name) == ("facts", "facts.changelog.v1")
    assert job.outputs == (RECON_FACTS,)
    assert Follower(FactsJob(2), 0).steps.fire(END) is None


def test_holds_that_grow_are_captured_in_part_and_end_have_what_is_reserved():
    valley = Valley()
    rig = valley.rigs[0]
    for number, body in enumerate(
        (
            PlaceHold(BOB, "EUR", 500, 3_600),
            IncrementHold("h0", 50),
            CaptureHold("h0", 100, True),
            PlaceHold(BOB, "EUR", 30, 3_600),
            CaptureHold("h0", 200, False),
            VoidHold("h3"),
        )
    ):
        valley.done(rig.command(ALICE, body, f"h{number}"))
        valley.cut()
    valley.deliver()
    found = followed(valley.logs())
    assert found.opened == []
    left = [
        {each.account: each.minor for each in fact.body.sums}.get("W.RSV")
        for fact in said(found, Checkpoint)
        if fact.partition == 0
    ]
    assert sorted(left) == [-550, -500, -480, -450, -30, 0]
