"""A dry run through the writer: one Decision, one result that says so, and nothing else."""

import pytest

from ingress.sdk import Result
from ledger.facts import DRY_RUN, entries_of, fold_balances, outcome_of, postings_of
from ledger.history import history_of
from ops.audit.state import state_differences
from ops.audit.totals import Totals
from ops.checker.report import Result as Check
from ops.checker.targets import Told
from ops.checker.told import Kept
from ops.described import document_of, outcome_text
from ops.feed.run import _outcome
from ops.reading import Placed
from ops.send.command import result_document, result_text
from schemas.codec import decode
from schemas.messages.commands import Transfer
from schemas.messages.decisions import Decision
from schemas.messages.vocabulary import Outcome, RejectionReason, Stage
from sinks.memory.rows import appended
from sinks.postgres.rows import JournalRows
from tests.support.writers import Writer, wallet_at
from topics.catalog import RESULTS

ANN, BOB, FAR = wallet_at(0), wallet_at(0, 1), wallet_at(1)


@pytest.fixture
def writer():
    made = Writer()
    made.open(ANN, 100)
    made.open(BOB)
    made.commit()
    return made


def tried(writer, body, command_id="one", wallet_id=ANN, key=None):
    return writer.command(wallet_id, body, command_id, key=key, dry_run=True)


def results_in(group):
    return [decode(Result, each.value) for each in group.outputs if each.topic == RESULTS.name]


def test_the_only_output_is_a_result_that_says_it_was_a_dry_run(writer):
    rows = writer.rows
    decision = tried(writer, Transfer(FAR, "EUR", 60))
    group = writer.commit()
    assert [each.topic for each in group.outputs] == [RESULTS.name]
    (result,) = results_in(group)
    assert (result.outcome, result.stage) == (Outcome.ACCEPTED, Stage.FINAL)
    assert result.dry_run == decision.dry_run
    assert result.dry_run.stage is Stage.PENDING
    changed = {key for key in writer.rows if writer.rows[key] != rows.get(key)}
    assert {*writer.rows} == {*rows}
    assert len(changed) <= 2  # the head, and what the runtime applied


def test_positions_sequence_and_chain_go_on(writer):
    first = tried(writer, Transfer(FAR, "EUR", 60))
    second = writer.command(ANN, Transfer(FAR, "EUR", 60), "one")
    writer.commit()
    assert second.sequence == first.sequence + 1
    assert (second.outcome, second.dry_run) == (Outcome.ACCEPTED, None)
    heir = writer.recovered()
    assert state_differences(writer.rows, heir.rows) == []
    assert heir.positions == writer.positions
    again = heir.command(ANN, Transfer(FAR, "EUR", 60), "one")
    assert (again.outcome, again.duplicate_of) == (Outcome.DUPLICATE, second.sequence)


def test_a_recovered_owner_sends_its_result_again(writer):
    tried(writer, Transfer(FAR, "EUR", 60))
    group = writer.commit()
    heir = writer.recovered()
    sent = [(each.topic, each.value) for each in heir.job.resend(heir.read_input)]
    assert sent == [(each.topic, each.value) for each in group.outputs]


@pytest.mark.parametrize(
    ("wallet_id", "command_id", "key", "reason"),
    [
        ("w\n", "c", b"w\n", None),
        (ANN, "c c", ANN.encode(), RejectionReason.MALFORMED_FIELD),
        (ANN, "c c", b"other", RejectionReason.KEY_MISMATCH),
        (ANN, "c", b"other", RejectionReason.KEY_MISMATCH),
        (FAR, "c", FAR.encode(), RejectionReason.MISROUTED),
    ],
)
def test_whatever_is_wrong_with_it_the_result_says_it_was_a_dry_run(
    writer, wallet_id, command_id, key, reason
):
    decision = tried(writer, Transfer(BOB, "EUR", 1), command_id, wallet_id, key)
    assert decision.outcome is Outcome.REJECTED
    assert reason is None or decision.reason is reason
    (result,) = results_in(writer.commit())
    assert (result.dry_run.stage, result.dry_run.entries) == (Stage.FINAL, ())


def test_no_store_sees_money_move(writer):
    decision = tried(writer, Transfer(BOB, "EUR", 60))
    assert outcome_of(decision)[7] == DRY_RUN
    assert (entries_of(decision), postings_of(decision), fold_balances([decision])) == ([], [], {})
    (line,) = history_of(decision)
    assert (line[6], line[10:]) == (DRY_RUN, ("", "", "", [], []))
    assert len(list(appended(decision))) == 2  # the outcome and the line of history
    rows = JournalRows([decision])
    assert rows.outcomes[0][7] == DRY_RUN
    assert (rows.entries, rows.postings, rows.balances, rows.hold_steps) == ([], [], {}, [])


def test_a_fold_of_the_log_knows_it_by_its_mark_alone(writer):
    tried(writer, Transfer(BOB, "EUR", 60))
    writer.commit()
    totals = Totals()
    for decision in writer.decisions:
        totals.add(decision)
    assert totals.findings == []
    assert totals.outcomes[DRY_RUN, ""] == 1


def test_it_reads_as_a_dry_run(writer):
    decision = tried(writer, Transfer(BOB, "EUR", 60))
    assert outcome_text(decision) == "dry run: ACCEPTED"
    shown = document_of(Placed(decision, 0, 0, b""))["dry_run"]
    assert (shown["stage"], shown["entries"][0]["flow"]) == ("FINAL", "F4.1")
    (result,) = results_in(writer.commit())
    assert _outcome(result) == (DRY_RUN, "")
    text = result_text(result)
    assert text.startswith("dry run: ACCEPTED, FINAL: ")
    assert f"would post F4.1 W.AVL:{ANN} 0.60 EUR" in text
    assert result_document(result)["dry_run"] == shown


def test_a_command_after_its_dry_run_contradicts_nothing(writer):
    tried(writer, Transfer(BOB, "EUR", 600))
    writer.command(ANN, Transfer(BOB, "EUR", 60), "one")
    told = results_in(writer.commit())
    check = Check(17)
    Kept(check, Told()).check_finals(told)
    assert [each.reason for each in told] == [RejectionReason.INSUFFICIENT_FUNDS, None]
    assert check.findings == []


def test_every_decision_decodes_again_to_the_same(writer):
    decision = tried(writer, Transfer(BOB, "EUR", 60))
    writer.commit()
    assert decode(Decision, writer.log[-1].value).dry_run == decision.dry_run
