"""The whole stack stopped and started on the same data: everything is where it was."""

from ingress.sdk import Outcome, TopUp, Transfer
from ops.stack import Stack
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
            balances = ledger.balances(payer), ledger.balances(friend)
            ledger.close()
        with Stack(root) as stack:
            ledger = RunningLedger(stack)
            ledger.compare()
            assert ledger.witness.sequences == before
            assert (ledger.balances(payer), ledger.balances(friend)) == balances
            again = ledger.ask(payer, Transfer(friend, "EUR", 10_00), command_id="before")
            assert (again.outcome, again.duplicate_of) == (Outcome.DUPLICATE, first.sequence)
            assert ledger.ask(friend, TopUp("EUR", 1_00, "card", "day-two")).outcome == "ACCEPTED"
            ledger.compare()
            ledger.close()
