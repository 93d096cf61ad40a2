"""An exception from its opening to the entry the ledger posted for it, on the real broker."""

import json

import pytest

from ops.cli import main
from tests.support.bank_files import FOLDER, MT940
from tests.support.desk import BOOK

PROPOSE = ("--account", "EXP.GOODWILL", "--direction", "to-wallet")


@pytest.fixture
def desk(ledger, monkeypatch, tmp_path, capsys):
    """`ledgerctl recon` as somebody; exit code and output."""
    monkeypatch.setenv("LEDGER_KAFKA", ledger.kafka)
    monkeypatch.setenv("LEDGER_STATE_DIR", str(tmp_path))
    book = tmp_path / "book.toml"
    book.write_text(BOOK, encoding="utf-8")

    def act(who, *words, execute=True):
        monkeypatch.setenv("LOGNAME", who)
        capsys.readouterr()
        asked = ("--execute", "--reason", "a journey") if execute else ()
        code = main(["recon", *words, *asked])
        return code, capsys.readouterr().out

    rails = tmp_path / "rails.toml"
    rails.write_text('[rails.upi]\naccount = "12030000/202051"\n', encoding="utf-8")
    act.rails = ("--rails", str(rails))
    act.book = ("--authorities", str(book))
    return act


def case_of(desk, kind, about):
    """The exception about something."""
    _, said = desk("zoe", "breaks", "--all", "--json", execute=False)
    rows = json.loads(said)
    (found,) = [each for each in rows if (each["check"], each["about"]) == (kind, about)]
    return found


def test_an_amount_is_given_up_by_two_and_booked_by_the_ledger(ledger, desk):
    wallet = ledger.open(partition=2)
    about = f"transaction of {wallet}"
    opened = ("--kind", "UNDER", "--account", "DE1", "--about", about)
    assert desk("ann", "open", *opened, "--amount", "5.00", "--currency", "EUR")[0] == 0
    case_id = case_of(desk, "UNDER", about)["id"]
    assert desk("ann", "assign", case_id)[0] == 0
    assert desk("bea", "move", case_id, "investigate")[0] == 2  # ann has it
    assert desk("ann", "move", case_id, "investigate")[0] == 0
    proposal = ("write-off", "propose", case_id, "--wallet", wallet, *PROPOSE, *desk.book)
    assert desk("ann", *proposal)[0] == 0
    ledger.holds(wallet)
    assert desk("bea", "write-off", "approve", case_id, *desk.book)[0] == 0
    ledger.holds(wallet, W__AVL=5_00)
    ended = json.loads(desk("zoe", "show", case_id, "--json", execute=False)[1])
    assert (ended["state"], ended["refused"]) == ("WRITTEN_OFF", [])
    partition, sequence, _ = map(int, ended["entry"].split("/"))
    (decision,) = [
        each for each in ledger.witness.decisions[partition] if each.sequence == sequence
    ]
    assert [each.flow for each in decision.entries] == ["F20.1"]
    assert desk("bea", "write-off", "approve", case_id, *desk.book)[0] == 2  # not twice


def test_a_file_is_compared_with_what_the_ledger_expects(desk):
    file = str(FOLDER / MT940)
    assert desk("ann", "import", file, "--despite-findings")[0] == 0
    # What the file has nobody expected, and its bank has been silent since.
    assert desk("ann", "expect", *desk.rails)[0] == 0
    assert "nothing to do" in desk("ann", "expect", *desk.rails)[1]
    said = _report(desk)
    assert {"MISSING_INTERNAL", "STATEMENT_GAP"} <= {each["name"] for each in said["by_kind"]}
    assert {"name": "STATEMENT_ARITHMETIC", "open": 1, "overdue": 0} in said["by_kind"]
    assert any(each["findings"] == ["BalanceAbsent"] for each in said["files"])


def _report(desk):
    _, said = desk("zoe", "report", execute=False)
    return json.loads(said)
