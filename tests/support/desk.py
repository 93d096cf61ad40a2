"""A desk for operators: recon.events.v1 in memory, a ledger that answers, and who runs the tool.

Owns: as much of broker and ledger as the steps with an exception need.
"""

import pytest

from ops.cli import main
from ops.recon import acting, breaks, opening, show, writing_off
from ops.recon.found import Found
from schemas.codec import decode
from schemas.messages.journal import JournalEntry
from schemas.messages.recon import ReconEvent
from schemas.messages.vocabulary import Outcome, RejectionReason

PARTITIONS = 4
BOOK = """
[[authority]]
currency = "EUR"
up_to = "10.00"
approvals = 1
role = "analyst"

[[authority]]
currency = "EUR"
up_to = "1000.00"
approvals = 2
role = "lead"

[people]
bea = "analyst"
cid = "lead"
"""
OPEN = ("open", "--kind", "OVER", "--account", "DE1", "--about", "line 4")
PROPOSE = ("--wallet", "w-1", "--account", "EXP.GOODWILL", "--direction", "to-wallet")


class Log:
    """recon.events.v1 in memory; `overtaken` writes something of somebody else first."""

    def __init__(self):
        self.records = []
        self.overtaken = None

    def read(self, _address):
        found = Found()
        for _, value, partition in self.records:
            found.take(decode(ReconEvent, value), partition)
        return found, PARTITIONS

    def deliver(self, _producer, _topic, records):
        if self.overtaken is not None:
            self.records.append(self.overtaken)
        self.records += records


class Ledger:
    """Satisfies `Teller`: posts once as many approved as its policy wants."""

    def __init__(self, needed=1, refusing=""):
        self.needed = needed
        self.refusing = refusing
        self.asked = []

    def ask(self, command):
        self.asked.append(command)
        approvals = len(self.asked) - 1
        refused = type(command.body).__name__ == self.refusing
        entry = JournalEntry(0, "F20.1", ())
        return Decided(
            command_id=command.command_id,
            sequence=20 + approvals,
            outcome=Outcome.REJECTED if refused else Outcome.ACCEPTED,
            reason=RejectionReason.INSUFFICIENT_FUNDS if refused else None,
            entries=(entry,) if approvals == self.needed else (),
        )


class Decided:  # as much of a Decision as a booking reads
    def __init__(self, **fields):
        self.partition = 2
        self.detail = ""
        self.__dict__.update(fields)


@pytest.fixture
def log(monkeypatch, tmp_path):
    made = Log()
    for module in (acting, breaks, opening, show, writing_off):
        monkeypatch.setattr(module, "read_found", made.read)
    for module in (acting, opening):
        monkeypatch.setattr(module, "deliver", made.deliver)
        monkeypatch.setattr(module, "producer_for", lambda _address: None)
    monkeypatch.setenv("LEDGER_KAFKA", "there:9092")
    monkeypatch.setenv("LEDGER_STATE_DIR", str(tmp_path))
    (tmp_path / "book.toml").write_text(BOOK, encoding="utf-8")
    made.book = ("--authorities", str(tmp_path / "book.toml"))
    made.state = tmp_path
    return made


@pytest.fixture
def ledger(monkeypatch):
    made = Ledger()
    monkeypatch.setattr(writing_off, "LogTeller", lambda _address: made)
    return made


@pytest.fixture
def run(monkeypatch):
    def act(who, *words):
        for name in ("LOGNAME", "USER", "LNAME", "USERNAME"):
            monkeypatch.setenv(name, who)
        return main(["recon", *words])

    return act


def do(run, who, *words):
    return run(who, *words, "--execute", "--reason", "because")


def the_case(log):
    (case,) = log.read("")[0].cases.by_id.values()
    return case


def opened(log, run, amount="5.00"):
    assert do(run, "ann", *OPEN, "--amount", amount, "--currency", "EUR") == 0
    return the_case(log).case_id


def investigated(log, run, amount="5.00"):
    case_id = opened(log, run, amount)
    assert do(run, "ann", "assign", case_id) == 0
    assert do(run, "ann", "move", case_id, "investigate") == 0
    return case_id


def proposed(log, run, amount="5.00"):
    case_id = investigated(log, run, amount)
    assert do(run, "ann", "write-off", "propose", case_id, *PROPOSE, *log.book) == 0
    return case_id
