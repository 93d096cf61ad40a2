"""`ledgerctl recon read`: a table or JSON, and an exit code that a script can trust."""

import json

import pytest

from ops.cli import main
from tests.support.bank_files import CAMT, CSV, EVERY_FILE, FOLDER, MT940


def mapping_options(name):
    return ["--mapping", str(FOLDER / "payouts.toml")] if name == CSV else []


@pytest.mark.parametrize("name", EVERY_FILE)
def test_every_file_is_shown(name, capsys):
    code = main(["recon", "read", str(FOLDER / name), *mapping_options(name)])
    said = capsys.readouterr().out
    assert code in (0, 1)
    assert ("no findings" in said) == (code == 0)


def test_a_table_for_a_person(capsys):
    assert main(["recon", "read", str(FOLDER / CAMT)]) == 0
    said = capsys.readouterr().out
    for words in ("S-41", "opening 1000.00 EUR", "-59.50 EUR", "E2E-9", "NRTI AC04", "no findings"):
        assert words in said


def test_a_finding_is_exit_1(capsys):
    assert main(["recon", "read", str(FOLDER / MT940)]) == 1
    assert "BalanceAbsent: account 12030000/202051" in capsys.readouterr().out


def test_json_has_amounts_as_text(capsys):
    assert main(["recon", "read", str(FOLDER / CAMT), "--source", "our bank", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    (statement,) = document["statements"]
    assert (document["format"], document["findings"]) == ("camt", [])
    assert statement["closing"]["amount"] == "124050"
    assert [each["amount"] for each in statement["lines"]] == ["10000", "20000", "-5950", "0"]
    assert statement["lines"][0]["source"] == "our bank"
    assert statement["lines"][0]["value_date"] == "2026-02-28"


def test_an_unreadable_file_is_exit_2_with_line_and_reason(tmp_path, capsys):
    broken = tmp_path / "broken.xml"
    broken.write_bytes((FOLDER / CAMT).read_bytes().replace(b">59.50<", b">59.505<"))
    assert main(["recon", "read", str(broken)]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert "line 44: 59.505 has more decimals than EUR has" in said.err


def test_a_mapping_that_says_too_little_is_exit_2(tmp_path, capsys):
    mapping = tmp_path / "mapping.toml"
    mapping.write_text("source = 'cards'\n")
    assert main(["recon", "read", str(FOLDER / CSV), "--mapping", str(mapping)]) == 2
    assert "no table [columns]" in capsys.readouterr().err
