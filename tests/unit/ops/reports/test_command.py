"""`ledgerctl report`: three forms that stay the same bytes, exit codes, and options refused."""

import csv
import io
import json

import pytest

from ops.cli import main
from ops.reports.command import (
    OF_ONE,
    TITLES,
    Question,
    check_offsets,
    offsets_of,
    period_of,
    sheet_of,
    show,
)
from ops.reports.errors import ReportError
from ops.reports.fold import Asked, fold
from ops.reports.paper import Amount, Column, Kind, Proof, Report, Section, Stand
from ops.reports.period import Period
from ops.reports.shown import FORMS
from tests.unit.ops.reports.test_sheets import ANN, ZONE, log, with_a_cent_more

COLUMNS = (Column("who"), Column("amount", Kind.MONEY))
SMALL = Report(
    "small",
    "Small",
    (("ledger", "main"),),
    (
        Section(
            "Accounts",
            COLUMNS,
            (("=1+1[red]", Amount(-123450, "EUR")), ("yen", Amount(1500, "JPY")), ("none", None)),
            (("all", Amount(1, "EUR")),),
        ),
    ),
    (Proof("a = a", holds=True),),
    (Stand(0, 7, 12, b"\xab\xcd"),),
)
CSV = """report,small
fact,ledger,main
section,Accounts
columns,who,amount
row,'=1+1[red],-1234.50
row,yen,1500
row,none,
total,all,0.01
proof,holds,a = a
stand,0,7,12,abcd
"""


def made(name, period, placed=None):
    wallet = ANN if name in OF_ONE else ""
    sheet = sheet_of(Question(name, wallet, "", period))
    asked = Asked(name, TITLES[name], sheet, period, ZONE)
    return fold(log() if placed is None else placed, [0] if wallet else [0, 1], asked)


def test_csv_is_these_bytes():
    assert FORMS["csv"](SMALL) == CSV


def test_json_keeps_minor_units_and_decimals():
    found = json.loads(FORMS["json"](SMALL))
    assert found["sections"][0]["rows"] == [
        ["=1+1[red]", {"minor": -123450, "currency": "EUR", "amount": "-1234.50"}],
        ["yen", {"minor": 1500, "currency": "JPY", "amount": "1500"}],
        ["none", None],
    ]
    assert found["holds"] is True
    assert found["stands"] == [{"partition": 0, "sequence": 7, "offset": 12, "chain": "abcd"}]


def test_a_table_shows_amounts_proofs_and_where_it_stands():
    text = FORMS["table"](SMALL)
    assert "=1+1[red]" in text  # what a customer wrote is no markup
    for each in ("-1,234.50", "1,500", "holds: a = a", "sequence 7, offset 12, chain abcd"):
        assert each in text


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", TITLES)
def test_later_records_change_no_byte(name, form):
    before = [each for each in log() if each.decision.command_id not in ("late", "cut-30")]
    # Another order of partitions is what another run of the consumer reads.
    turned = sorted(log(), key=lambda each: -each.decision.partition)
    period = period_of(0, "2025-06-02", None, 0)
    texts = {FORMS[form](made(name, period, each)) for each in (before, log(), turned)}
    assert len(texts) == 1


def test_a_changed_cent_exits_with_1(capsys, tmp_path):
    period, out = Period(cut=20), tmp_path / "report.csv"
    assert show(made("trial-balance", period), "csv", out) == 0
    assert {row[1] for row in _lines(out) if row[0] == "proof"} == {"holds"}
    assert capsys.readouterr() == ("", "")
    assert show(made("trial-balance", period, with_a_cent_more()), "csv", out) == 1
    assert "fails" in {row[1] for row in _lines(out) if row[0] == "proof"}
    assert "0.01 apart" in capsys.readouterr().err


def _lines(path):
    return list(csv.reader(io.StringIO(path.read_text(encoding="utf-8"))))


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["nonsense"], "nonsense"),
        (["trial-balance", "--cut", "1", "--day", "2025-06-01"], "--cut"),
        (["trial-balance", "--day", "yesterday"], "--day"),
        (["trial-balance", "--offset", "7"], "--offset"),
        (["trial-balance", "--wallet", "w1"], "--wallet"),
        (["statement"], "--wallet"),
        (["cash-flow", "--account", "W.AVL"], "--account"),
        (["subsidiary", "--account", "NO.SUCH"], "--account"),
    ],
)
def test_usage_names_the_option(arguments, told, capsys):
    assert main(["report", *arguments]) == 2
    assert told in capsys.readouterr().err


def test_no_server_is_a_dependency_away(monkeypatch, tmp_path):
    monkeypatch.delenv("LEDGER_KAFKA", raising=False)
    monkeypatch.setenv("LEDGER_STACK_DIR", str(tmp_path / "stack"))
    assert main(["report", "trial-balance", "--cut", "1"]) == 3


def test_offsets_are_of_every_partition_and_written_already():
    assert offsets_of(["0=4", "1=5"]) == {0: 4, 1: 5}
    check_offsets({0: 4, 1: 5}, {0: 5, 1: 6})
    for given in ({0: 4}, {0: 4, 1: 6}):
        with pytest.raises(ReportError, match="--offset"):
            check_offsets(given, {0: 5, 1: 6})
