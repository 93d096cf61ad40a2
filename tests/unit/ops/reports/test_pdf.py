"""A statement as PDF: the same bytes again, every figure on a page, no markup of a customer."""

import re
import zlib
from base64 import a85decode

import pytest

from ops.cli import main
from ops.reports.command import show
from ops.reports.paper import Amount, Proof, Report, Section, Stand
from ops.reports.pdf import as_pdf
from ops.reports.period import Period
from ops.reports.settlement import COLUMNS as SETTLEMENT_COLUMNS
from ops.reports.statement import COLUMNS
from tests.unit.ops.reports.test_sheets import made

STREAM = re.compile(rb"stream\r?\n(.*?)endstream", re.DOTALL)
SHOWN = re.compile(rb"\(((?:\\.|[^\\)])*)\) Tj")
ESCAPE = re.compile(rb"\\([0-7]{3}|.)")


def pages_of(pdf):
    """The text of each page, in the order it is drawn, with a space between its pieces."""
    found = []
    for stream in STREAM.findall(pdf):
        content = zlib.decompress(a85decode(stream.strip().removesuffix(b"~>")))
        pieces = [ESCAPE.sub(_letter, each) for each in SHOWN.findall(content)]
        found.append(b" ".join(pieces).decode("cp1252"))
    return found


def _letter(escape):
    code = escape[1]
    return bytes([int(code, 8)]) if len(code) == 3 else code


def long_one(lines=120, counterparty="w-2"):
    rows = tuple(
        ("2026-03-01", "2026-03-01", "Transfer", counterparty, f"command-{n:06}", _eur(n), _eur(-n))
        for n in range(lines)
    )
    closing = ("", "", "Closing balance", "", "", None, _eur(1_234_567))
    return Report(
        "statement",
        "Statement",
        (("ledger", "main"), ("wallet", "w-4711"), ("to", "cut 20")),
        (Section("EUR", COLUMNS, rows, (closing,)),),
        (Proof("opening 1.00 = closing 1.00", holds=False),),
        (Stand(3, 7, 12, b"\xab\xcd"),),
    )


def _eur(minor):
    return Amount(minor, "EUR")


def test_the_same_statement_is_the_same_bytes():
    assert as_pdf(made("statement", Period(cut=20))) == as_pdf(made("statement", Period(cut=20)))
    assert as_pdf(long_one()).startswith(b"%PDF-")


def test_every_figure_of_the_statement_is_on_the_page():
    report = made("statement", Period(cut=20))
    (text,) = pages_of(as_pdf(report))
    for section in report.sections:
        for row in (*section.rows, *section.totals):
            for cell in row:
                if isinstance(cell, Amount):
                    assert cell.shown() in text
                elif cell:
                    assert str(cell) in text
    for proof in report.proofs:
        assert proof.text in text
    assert report.stands[0].chain.hex() in text


def test_a_long_one_has_its_head_and_its_number_on_every_page():
    pages = pages_of(as_pdf(long_one()))
    assert len(pages) > 2
    for number, text in enumerate(pages, 1):
        assert f"page {number} of {len(pages)}" in text
        assert "Statement: w-4711, cut 20" in text
        assert "booked effective what with reference amount balance" in text
    whole = " ".join(pages)
    assert [f"command-{n:06}" in whole for n in range(120)] == [True] * 120
    assert "12,345.67" in pages[-1]
    assert "FAILS: opening 1.00 = closing 1.00" in pages[-1]
    assert "partition 3: sequence 7, offset 12, chain abcd" in pages[-1]


@pytest.mark.parametrize(
    ("given", "seen"),
    [
        ("<b>bold", "<b>bold"),
        ("a&amp;b", "a&amp;b"),
        ("</para>x", "</para>x"),
        ("5 €", "5€"),
        ("Łódź", "?ód?"),
        ("w" * 200, "w" * 20),
    ],
)
def test_what_a_customer_wrote_is_text(given, seen):
    (text,) = pages_of(as_pdf(long_one(1, given)))
    # A letter that is an entity of markup is drawn as a piece of its own.
    assert seen in text.replace(" ", "")


def test_dates_and_amounts_of_a_settlement_are_not_broken():
    row = ("2026-03-01", "Sale", "w-1", "c-1", *[_eur(-9_876_543_21)] * 4)
    made_up = Report(
        "settlement",
        "Settlement statement",
        (("merchant", "m-4711"), ("to", "cut 20")),
        (Section("EUR", SETTLEMENT_COLUMNS, (row,), (row,)),),
        (),
        (),
    )
    (text,) = pages_of(as_pdf(made_up))
    assert text.count("2026-03-01") == 2
    assert text.count("-9,876,543.21") == 8
    assert "Settlement statement: m-4711, cut 20" in text


def test_a_report_without_a_line_is_a_page():
    empty = Report("statement", "Statement", (("wallet", "w"),), (), (), ())
    assert "What it stands on" in pages_of(as_pdf(empty))[0]


def test_a_file_is_written_and_the_exit_code_is_that_of_the_proofs(tmp_path, capsys):
    out = tmp_path / "statement.pdf"
    assert show(made("statement", Period(cut=20)), "pdf", out) == 0
    assert pages_of(out.read_bytes())
    assert show(long_one(), "pdf", out) == 1
    assert "difference: opening" in capsys.readouterr().err


@pytest.mark.parametrize(
    "words", [("statement", "--wallet", "w"), ("trial-balance", "--out", "x.pdf")]
)
def test_only_what_goes_to_a_customer_and_only_into_a_file(words, capsys):
    assert main(["report", *words, "--format", "pdf"]) == 2
    assert "--format: pdf is for statement and settlement, and needs --out" in (
        capsys.readouterr().err
    )
