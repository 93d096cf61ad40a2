"""The partitions of a running ledger are cut under load and proved equal, on the real broker."""

import json

import pytest

from ingress.sdk import PlaceHold, Transfer
from ops.cli import main
from ops.rig import running_partitions, start_worker
from ops.stack.workers import RECONCILIATION
from schemas.messages.events import TransferDebited
from streams.reconciliation.rounds import ROUNDS
from tests.support.aloud import say_aloud

TRANSFERS = 160
TRAVELLED_MIN = 40
DEADLINE_S = 90.0


@pytest.fixture
def reconciling(ledger):
    """A worker of each job beside the ledger's own."""
    env = {"LEDGER_SESSION_TIMEOUT_S": "3", "LEDGER_SNAPSHOT_RECORDS": "300"}
    workers = {job: start_worker(ledger.stack, f"{job}-1", env, job=job) for job in RECONCILIATION}

    def run():
        found = [running_partitions(ledger.stack, f"{job}-1") for job in workers]
        return found == [ledger.witness.partitions] * len(workers)

    ledger.wait_for("both jobs to run", run, DEADLINE_S)
    yield workers
    for process in workers.values():
        process.stop()
        assert [each for each in process.report().exits if each] == []


class Recon:
    """`ledgerctl recon` in this process."""

    def __init__(self, ledger, said):
        self.ledger = ledger
        self.said = said

    def run(self, *words):
        """Exit code and output."""
        self.said()
        code = main(["recon", *words])
        return code, self.said().out

    def cut(self, *words):
        """Take a cut; its number."""
        code, said = self.run("cut", "--execute", "--reason", "a journey", *words)
        assert code == 0
        return int(said.split()[2])

    def closed(self):
        """Close the last day that is over; its date, cut and digest."""
        self.said()
        assert main(["day", "close", "--execute", "--reason", "a journey"]) == 0
        done = next(line for line in self.said().out.splitlines() if "is closed by cut" in line)
        day, *_, k, _, digest = done.replace(",", "").split()
        return day, int(k), digest

    def report(self, *words):
        """The lines of a report, as CSV, of which every proof holds."""
        self.said()
        assert main(["report", *words, "--format", "csv"]) == 0
        return self.said().out.splitlines()

    def proofs(self, wanted):
        """Wait for the proofs of some cuts; the cuts as documents, with nothing unchained."""
        found = {}

        def proved():
            code, said = self.run("cuts", "--json", "--verify")
            shown = json.loads(said)
            found.update({each["k"]: each for each in shown["cuts"]})
            assert (code, shown["unchained"]) == (0, [])
            return all(found.get(each, {}).get("proof") for each in wanted)

        self.ledger.wait_for(f"cuts {wanted} to be proved", proved, DEADLINE_S)
        return [found[each] for each in wanted]


@pytest.fixture
def recon(ledger, monkeypatch, tmp_path, capsys):
    monkeypatch.setenv("LEDGER_KAFKA", ledger.kafka)
    monkeypatch.setenv("LEDGER_STATE_DIR", str(tmp_path))
    return Recon(ledger, capsys.readouterr)


def pay_and_cut(ledger, recon):
    """Many transfers, most of them to another partition, and cuts between them."""
    people = [ledger.open(partition=each, fund=200_00) for each in range(8)]
    cuts = []
    for number in range(TRANSFERS):
        payer, payee = people[number % 8], people[(number * 3 + 1) % 8]
        if payer != payee:
            ledger.send(payer, Transfer(payee, "EUR", 1 + number))
        if number % 10 == 0:
            ledger.send(payer, PlaceHold(people[(number + 3) % 8], "EUR", 5, 3_600))
        if number % 50 == 25:
            cuts.append(recon.cut())
    return cuts


def travelled(ledger):
    """How many transfers went to another partition."""
    decisions = [each for found in ledger.witness.decisions.values() for each in found]
    events = [event for decision in decisions for event in decision.events]
    return len([event for event in events if isinstance(event, TransferDebited)])


def test_cuts_under_load_are_proved_and_nothing_differs(ledger, reconciling, recon, request):
    del reconciling
    for cut in recon.proofs(pay_and_cut(ledger, recon)):
        assert len(cut["reached"]) == ledger.witness.partitions
        for money in cut["proof"]["money"]:
            assert money["trial"] == "0"
            assert int(money["between"]) == -int(money["in_flight"])
    ledger.quiesce()
    assert travelled(ledger) >= TRAVELLED_MIN
    day, k, digest = recon.closed()
    (closed,) = recon.proofs([k])
    assert (closed["label"], closed["proof"]["equal"]) == (day, True)
    assert {each["in_flight"] for each in closed["proof"]["money"]} == {"0"}
    assert closed["proof"]["open_count"] == 0
    # Other journeys leave exceptions with the world outside, and what a round found in a state that
    # they had changed; the jobs' own breaks have a severity and are of no round.
    shown = json.loads(recon.run("breaks", "--all", "--json")[1])
    assert [each for each in shown if each["severity"] and each["check"] not in ROUNDS] == []
    balance = recon.report("trial-balance", "--cut", str(closed["k"]))
    assert len([line for line in balance if line.startswith("proof,holds,")]) >= 3
    assert len([line for line in balance if line.startswith("stand,")]) == ledger.witness.partitions
    ledger.open(partition=0, fund=1_00)
    assert (
        recon.report("trial-balance", "--cut", str(closed["k"])) == balance
    )  # what is later changes nothing
    assert main(["day", "close", "--day", day, "--execute", "--reason", "again"]) == 2
    recon.cut("--label", day)  # a cut that says it again closes nothing
    recon.said()
    assert main(["day", "show", "--json"]) == 0
    assert [each["digest"] for each in json.loads(recon.said().out)] == [digest]
    say_aloud(request, f"cuts under load, and one at rest\n{recon.run('cuts')[1]}")
