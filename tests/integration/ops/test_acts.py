"""What an operator did is in the chain of the real broker, and names nobody."""

from ops.exits import DIFFERENCES
from ops.operations import who
from ops.reading import read_log

DONE = ("--execute", "--reason", "Mr Smith of 4 Elm Street called")


def test_a_mutation_is_in_the_chain_by_its_ids_alone(ledger, ctl, tmp_path):
    ctl("recon", "cut", *DONE)

    def latest():
        found = ctl("audit", "list", "--actor", who(), "--subject", "recon", "--json")
        return [each for each in found if each["verb"] == "recon.cut"]

    ledger.wait_for("the act to be decided", latest)
    act = latest()[-1]
    assert act["request_id"].startswith("cut-")
    assert act["reason"] == "Mr Smith of 4 Elm Street called"
    assert "all in the chain" in ctl("audit", "check")
    log = ledger.stack.endpoints.kafka
    assert not any(b"Smith" in each.value for each in read_log(log))

    ledger.quiesce()
    assert ledger.differences() == []

    file = ledger.stack.layout.state / "operations.jsonl"
    changed = tmp_path / "changed.jsonl"
    changed.write_text(file.read_text(encoding="utf-8").replace("Smith", "Jones", 1))
    wrong = ctl("audit", "check", "--file", str(changed), "--json", code=DIFFERENCES)
    assert len(wrong["missing"]) == 1
