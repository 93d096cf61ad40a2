"""Every command of the runbooks that only looks, typed beside the running ledger."""

from ingress.sdk import Transfer
from ops.cli import main
from ops.exits import CLEAN, DIFFERENCES
from ops.proof.note import Signer
from tests.support.runbooks import GIVEN, looking


def test_what_the_runbooks_tell_people_to_look_at_can_be_looked_at(ledger, ctl, capsys):
    payer, payee = ledger.open(fund=10_00, partition=3), ledger.open()
    ledger.accepted(payer, Transfer(payee, "EUR", 1_00))
    ledger.quiesce()
    assert ctl("lag", "--json")["sinks"]
    again = ctl("upgrade", "check", "--everything", "--json")
    assert again["differences"] == []
    assert again["decided_again"] > 2
    public = Signer.generate("office").verifier().text()
    for typed in looking():
        arguments = [public if each == GIVEN["$KEY"] else each for each in typed]
        capsys.readouterr()
        code = main(arguments)
        shown = capsys.readouterr()
        # A shared ledger has misrouted records, and wallets that nobody opened: 1 is an answer.
        assert code in {CLEAN, DIFFERENCES}, (typed, shown)
        assert (shown.out + shown.err).strip(), typed
