"""Each format, read from a small file that has the odd facts of the format in it."""

from datetime import date

import pytest

from streams.reconciliation.external.canonical import Kind
from streams.reconciliation.external.errors import Unreadable
from streams.reconciliation.external.readers import fingerprint_of, format_of, read_file
from tests.support.bank_files import (
    ADVICE,
    BAI2,
    CAMT,
    CSV,
    EVERY_FILE,
    MT940,
    MT942,
    NACHA,
    PAGES,
    bytes_of,
    mapping_for,
    read_named,
)

LAST_OF_FEBRUARY = date(2026, 2, 28)


def brief(statement):
    return [(each.amount, each.rail_ref, each.end_to_end_id) for each in statement.lines]


def test_camt_splits_a_batch_whose_parts_add_up():
    (statement,) = read_named(CAMT).statements
    assert (statement.kind, statement.account) == (Kind.STATEMENT, "DE02120300000000202051")
    assert (statement.sequence, statement.opening.amount, statement.closing.amount) == (
        41,
        100_000,
        124_050,
    )
    assert brief(statement) == [
        (10_000, "", "E2E-1"),
        (20_000, "", ""),  # NOTPROVIDED is no reference
        (-5_950, "BANK-2", "E2E-9"),
        (0, "", ""),
    ]
    first, second, returned, nothing = statement.lines
    assert {first.batch_id, second.batch_id} == {"B-7"}
    assert first.value_date == LAST_OF_FEBRUARY  # the file says the 30th
    assert (first.counterparty, first.remittance) == ("Ann Example", "rent")
    assert first.bank_tx_code == "PMNT/RCDT/ESCT"
    assert second.remittance == "RF18539007547034"
    assert (returned.reversal, returned.return_reason) == (True, "AC04")
    assert (nothing.remittance, nothing.booking_date) == ("new terms", date(2026, 2, 27))
    assert len({each.raw_hash for each in statement.lines}) == 4


def test_camt_of_several_pages_in_an_envelope_keeps_a_batch_whole_that_does_not_add_up():
    first, second = read_named(PAGES).statements
    assert (first.opening.amount, first.closing.amount) == (-500, 200)
    assert (second.opening.amount, second.closing.amount) == (200, 150)
    assert [(each.page, each.last_page) for each in (first, second)] == [(1, False), (2, True)]
    assert brief(first) == [(700, "J-1", "")]
    assert first.lines[0].counterparty == "Dee Example"
    assert brief(second) == [(-50, "J-2", "")]
    assert second.lines[0].batch_id == "J-2"


def test_camt_054_is_an_advice_and_camt_052_an_interim_report():
    (advice,) = read_named(ADVICE).statements
    assert (advice.kind, advice.opening, brief(advice)) == (
        Kind.ADVICE,
        None,
        [(1_200, "A-1", "")],
    )
    changes = [("camt.053.001.02", "camt.052.001.02"), ("BkToCstmrStmt", "BkToCstmrAcctRpt")]
    (report,) = read_named(CAMT, *changes, ("Stmt>", "Rpt>")).statements
    assert report.kind is Kind.INTERIM


@pytest.mark.parametrize("version", ["02", "03", "04", "05", "06", "07", "08", "13"])
def test_every_version_of_camt_is_known_by_its_namespace(version):
    found = read_named(CAMT, ("camt.053.001.02", f"camt.053.001.{version}"))
    assert [line.amount for line in found.lines] == [10_000, 20_000, -5_950, 0]


def test_mt940_with_wrapped_entries_and_two_statements():
    first, second = read_named(MT940).statements
    assert (first.statement_id, second.statement_id) == (
        "STARTUMS-41/1-260227",
        "STARTUMS-42-260227",
    )
    assert brief(first) == [
        (30_000, "BANK-1", "E2E-1"),
        (-5_950, "BANK-2", "E2E-9"),
        (0, "", ""),
    ]
    structured, worded, nothing = first.lines
    assert structured.value_date == LAST_OF_FEBRUARY
    assert (structured.counterparty, structured.remittance) == ("ANN EXAMPLE", "rent for March")
    assert structured.bank_tx_code == "NTRF/166"
    assert worded.booking_date == worded.value_date  # a blank entry date
    assert (worded.reversal, worded.return_reason) == (True, "AC04")
    assert (worded.counterparty, worded.remittance) == (
        "Cy Example",
        "wrong account moved back",
    )
    assert nothing.reversal is False
    assert second.closing is None  # it says null
    (charge,) = second.lines
    assert (charge.amount, charge.reversal) == (10_000, True)  # its amount was wrapped
    assert (charge.value_date, charge.booking_date) == (date(2025, 12, 31), date(2026, 1, 2))
    assert charge.remittance == "charge given back in full"


def test_mt942_is_interim_and_takes_its_currency_from_the_floor_limit():
    (report,) = read_named(MT942).statements
    assert (report.kind, report.currency, report.sequence) == (Kind.INTERIM, "EUR", 7)
    assert brief(report) == [(1_000, "BANK-9", "REF-9")]


def test_bai2_with_continuations_and_two_accounts():
    first, second = read_named(BAI2).statements
    assert (first.opening.amount, first.closing.amount) == (500_000, 612_500)
    assert first.other_balances == ()  # 040 says null, 045 says nothing
    assert brief(first) == [
        (125_000, "BK-1", "INV-1"),
        (-22_500, "BK-2", "CHK-77"),
        (-10_000, "BK-3", ""),
        (20_000, "BK-4", ""),
        (0, "", ""),
    ]
    paid, _, returned, reversed_, note = first.lines
    assert paid.value_date == LAST_OF_FEBRUARY
    assert paid.remittance == "DEALER PAYMENTS, FEBRUARY SECOND LINE OF IT"
    assert [each.reversal for each in (paid, returned, reversed_)] == [False, True, True]
    assert note.remittance == "NO MONEY IN THIS"
    assert (second.currency, second.closing.amount) == ("JPY", 7)


def test_nacha_with_returns_a_notice_of_change_and_a_contested_return():
    entries, returns = read_named(NACHA).statements
    assert brief(entries) == [
        (20_000, "091000010000001", "TOPUP-1"),
        (-5_000, "091000010000002", "WD-1"),
    ]
    assert entries.lines[0].remittance == "RENT*FEBRUARY"
    assert entries.lines[0].value_date == LAST_OF_FEBRUARY
    said = [(each.amount, each.rail_ref[-1], each.return_reason) for each in returns.lines]
    assert said == [
        (-7_000, "9", "R01"),  # the debit we were owed comes not
        (3_000, "8", "R03"),  # what we paid out comes back
        (0, "7", "C01"),
        (900, "6", "R68"),  # dishonoured: the return is taken back
        (-900, "6", "R73"),  # contested: it stands
    ]
    notice = returns.lines[2]
    assert (notice.reversal, notice.remittance) == (False, "1918171614")


def test_nacha_without_line_ends_is_the_same():
    data = b"".join(line.ljust(94) for line in bytes_of(NACHA).splitlines())
    together = read_file(data)
    assert together.statements == read_named(NACHA).statements


def test_a_processors_table_by_its_mapping():
    euros, yen = read_named(CSV).statements
    charge, refund = euros.lines
    assert (charge.amount, charge.fee, charge.batch_id) == (123_450, 350, "po_1")
    assert charge.value_date == LAST_OF_FEBRUARY
    assert charge.remittance == "a note; with\ntwo lines"
    assert (refund.amount, refund.reversal) == (-2_000, True)
    assert [each.amount for each in yen.lines] == [500]


def test_what_a_file_is_is_seen_at_its_beginning():
    formats = [format_of(bytes_of(name)) for name in EVERY_FILE if name != CSV]
    assert formats == ["camt", "camt", "camt", "mt940", "mt940", "bai2", "nacha"]
    with pytest.raises(Unreadable, match="line 1: no format"):
        format_of(bytes_of(CSV))


@pytest.mark.parametrize("name", EVERY_FILE)
def test_line_ends_and_binary_characters_change_no_money(name):
    plain = read_named(name)
    data = bytes_of(name)
    for changed in (
        data.rstrip(b"\n"),
        data.replace(b"\n", b"\r\n"),
        data.replace(b"\n", b"\r\n").rstrip(),
        b"\xef\xbb\xbf" + data,
        data + b"\x1a",
        data + b"\x00\x00",
    ):
        again = read_file(changed, mapping=mapping_for(name))
        assert [each.amount for each in again.lines] == [each.amount for each in plain.lines]
        assert again.fingerprint == fingerprint_of(changed) != plain.fingerprint


@pytest.mark.parametrize(
    ("name", "old"), [(CAMT, b"rent"), (MT940, b"rent"), (BAI2, b"DEALER"), (NACHA, b"ANN EX")]
)
def test_binary_and_wrongly_encoded_text_is_text(name, old):
    for strange in (b"\x00\x01\x02\x03", b"\xe4\xf6\xfc\xdf", b"\xff\xfe\x1b\x7f"):
        new = strange.ljust(len(old))
        changed = read_named(name, (old, new))
        assert [each.amount for each in changed.lines] == [
            each.amount for each in read_named(name).lines
        ]


def test_an_encoding_that_is_said_and_meant_is_used():
    said = read_named(CAMT, ('encoding="UTF-8"', 'encoding="ISO-8859-1"'), (b"rent", b"M\xe4rz"))
    assert said.lines[0].remittance == "März"
    wide = bytes_of(CAMT).decode().replace('encoding="UTF-8"', 'encoding="UTF-16"')
    assert read_file(wide.encode("utf-16")).lines[0].remittance == "rent"
    odd = read_named(CAMT, ('encoding="UTF-8"', 'encoding="unicode_escape"'))
    assert odd.lines[0].remittance == "rent"
