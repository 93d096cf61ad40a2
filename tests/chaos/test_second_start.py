"""The whole stack stopped and started on the same data: everything is where it was."""

from ingress.sdk import Outcome, TopUp, Transfer
from ops.stack import Stack
from schemas.messages.vocabulary import InputTopic
from tests.support.load import Load
from tests.support.running import RunningLedger
from tests.support.stack import stack_folder


def test_a_second_start_on_the_same_data_goes_on():
    with stack_folder() as root:
        with Stack(root) as stack:
            ledger = RunningLedger(stack)
            payer, friend = ledger.open(partition=0, fund=100_00), ledger.open(partition=5)
            sent = ledger.send(payer, Transfer(friend, "EUR", 10_00), command_id="before")
            first = ledger.pending(sent)
            assert ledger.final(sent).outcome is Outcome.ACCEPTED
            with Load(ledger) as load:
                load.more()
            ledger.compare()
            before = dict(ledger.witness.sequences)
            sums = dict(ledger.witness.totals.balances)
            ledger.close()
        with Stack(root) as stack:
            ledger = RunningLedger(stack)
            ledger.compare()
            added = since(ledger.witness, before)
            assert all(said_again(decision) for decision in added), added
            assert ledger.witness.totals.balances == sums
            again = ledger.ask(payer, Transfer(friend, "EUR", 10_00), command_id="before")
            assert (again.outcome, again.duplicate_of) == (Outcome.DUPLICATE, first.sequence)
            assert ledger.ask(friend, TopUp("EUR", 1_00, "card", "day-two")).outcome == "ACCEPTED"
            ledger.compare()
            ledger.close()


def since(witness, before):
    """The Decisions after these sequences."""
    return [
        decision
        for number, decisions in witness.decisions.items()
        for decision in decisions
        if decision.sequence > before[number]
    ]


def said_again(decision):
    """A leg heard twice: whoever starts sends the outputs of the last group again, in case
    Kafka tore its transaction; the receiver knows them."""
    return (
        decision.source.topic is InputTopic.LEGS
        and decision.outcome is Outcome.DUPLICATE
        and not decision.events
        and not decision.entries
    )
