"""A file that cannot be read says which line and why."""

import pytest

from streams.reconciliation.external.errors import MappingRefused, Unreadable
from streams.reconciliation.external.readers import read_file
from streams.reconciliation.external.readers.mapping import read_mapping
from tests.support.bank_files import (
    BAI2,
    CAMT,
    CSV,
    MT940,
    MT942,
    NACHA,
    bytes_of,
    mapping_for,
    read_named,
)

CASES = [
    (CAMT, "300.00000", "300.00001", 23, "more decimals than EUR"),
    (CAMT, "59.50", "59,50", 44, "is no amount"),
    (CAMT, ">59.50<", "><", 44, "is no amount"),
    (CAMT, ">59.50<", ">99999999999999999999.00<", 44, "exceed 64 bits"),
    (CAMT, 'Ccy="EUR">59.50', 'Ccy="EUX">59.50', 44, "is no currency"),
    (CAMT, "2026-02-30", "2026-02-32", 24, "is no day"),
    (CAMT, "2026-02-30", "2026-13-01", 24, "is no day"),
    (CAMT, "2026-02-30", "yesterday", 24, "is no date"),
    (CAMT, "<ValDt><Dt>2026-02-27</Dt></ValDt>", "", 43, "neither BookgDt nor ValDt"),
    (CAMT, "<CdtDbtInd>DBIT</CdtDbtInd>", "", 43, "neither CRDT nor DBIT"),
    (CAMT, '<Amt Ccy="EUR">59.50</Amt>', "", 43, "no Amt"),
    (CAMT, "<Id>S-41</Id>", "", 5, "Stmt has no Id"),
    (CAMT, "IBAN>", "BBAN>", 5, "Stmt has no Acct/Id"),
    (CAMT, "camt.053.001.02", "pain.001.001.03", 2, "none that is read"),
    (CAMT, "Document", "Dokument", 2, "no Document below"),
    (CAMT, "BkToCstmrStmt", "BkToCstmrStatement", 2, "there is no BkToCstmrStmt/Stmt"),
    (CAMT, "</Stmt>", "", 65, "mismatch"),
    (MT940, "300,00000", "300,00001", 6, "more decimals than EUR"),
    (MT940, "300,00000", "1.000,00", 6, "is no amount"),
    (MT940, "C300,00000NTRF", "X300,00000NTRF", 6, "no entry of field 61"),
    (MT940, "2602300227", "2613300227", 6, "is no day"),
    (MT940, "C260226EUR1000,00", "C260226EURO", 5, "is no amount"),
    (MT940, "C260226EUR1000,00", "1000", 5, "is no balance"),
    (MT940, ":25:12030000/202051\n:28C:41/1", ":28C:41/1", 2, "no :25: account"),
    (MT940, ":62F:null\n", "", 25, "neither :62F:nor:62M:"),
    (MT942, ":34F:EURD0,00\n", "", 5, "in which currency"),
    (MT942, ":20:INTERIM\n:25:12030000/202051", ":25:1\n:20:INTERIM", 1, ":25: stands before"),
    (BAI2, "16,165,125000", "16,165,125000.00", 5, "no amount of BAI2"),
    (BAI2, "16,165,125000", "16,165,125001", 11, "control total 1290000"),
    (BAI2, "16,475", "16,75", 7, "no type code"),
    (BAI2, "16,475", "16,701", 7, "neither credit nor debit"),
    (BAI2, "D,2,0,5000", "D,two,0,5000", 8, "no number of distributed amounts"),
    (BAI2, "98,1290007,2,12/\n", "", 14, "record 99 cannot follow record 49"),
    (BAI2, "99,1290007,1,14/\n", "", 15, "without its record 99"),
    (BAI2, "02,SHOP,BANKUS,1,", "02,SHOP,BANKUS,2,", 2, "no update"),
    (BAI2, "260227,2359", "26022X,2359", 2, "no date YYMMDD"),
    (BAI2, "03,0975312468,", "03,,", 3, "names no account"),
    (BAI2, "2359,USD", "2359,USX", 3, "is no currency"),
    (BAI2, "88,SECOND", "77,SECOND", 6, "no record of BAI2"),
    (BAI2, "01,BANKUS", "88,BANKUS", 1, ""),
    (NACHA, "0000020000TOPUP-1", "0000020001TOPUP-1", 6, "20000 debits, there are 20001"),
    (NACHA, "627231380104", "697231380104", 3, "no transaction code"),
    (NACHA, "0000020000TOPUP-1", "00000200X0TOPUP-1", 3, "is no number"),
    (NACHA, "1234567890COR", "1234567890IAT", 7, "IAT batches are not read"),
    (NACHA, "705RENT*FEBRUARY", "805RENT*FEBRUARY", 4, ""),
    (CSV, "1.231,00", "1.231,01", 3, "gross 123450 less fee 350 is not net 123101"),
    (CSV, "500;null", "500,5;null", 5, "more decimals than JPY"),
    (CSV, "ch_1;", "ch_1;;", 3, "a row has 10 cells, not 11"),
    (CSV, "27.02.2026;30.02.2026", "27.02.2026;soon", 3, "is no date"),
    (CSV, "1.234,50", "1,234.50", 3, "is no amount"),
    (CSV, "Gross", "Brutto", 1, "not one column 'Gross'"),
    (CSV, 'EUR;po_1;"a', 'XXQ;po_1;"a', 3, "is no currency"),
]


@pytest.mark.parametrize(("name", "old", "new", "line", "reason"), CASES)
def test_a_refusal_names_the_line_and_the_reason(name, old, new, line, reason):
    data = bytes_of(name)
    assert old.encode() in data
    with pytest.raises(Unreadable) as refused:
        read_file(data.replace(old.encode(), new.encode()), mapping=mapping_for(name))
    assert (refused.value.line, reason) == (line, reason if reason in str(refused.value) else "")
    assert str(refused.value).startswith(f"line {line}: ")


@pytest.mark.parametrize("data", [b"", b" \r\n", b"hello", b"\x00\xff"])
def test_no_file_at_all(data):
    with pytest.raises(Unreadable, match="line 1: "):
        read_file(data)


def test_entities_are_refused_before_anything_is_expanded():
    bomb = b'<!DOCTYPE d [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>\n<Document>&b;</Document>'
    with pytest.raises(Unreadable, match="line 1: a document type or entity is declared"):
        read_file(bomb)
    with pytest.raises(Unreadable, match="line 2: a document type"):
        read_file(b'<?xml version="1.0"?>\n<!DOCTYPE d SYSTEM "file:///etc/passwd"><d/>')


def test_comments_and_instructions_are_passed_over():
    found = read_named(CAMT, ("<GrpHdr>", "<!-- by hand --><?odd thing?><GrpHdr>"))
    assert len(found.lines) == 4


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ('source = "cards"', "", "does not say its source"),
        ('account = "payouts"', "", "says the account"),
        ('gross = "Gross"', "", "columns.gross is missing"),
        ('gross = "Gross"', "gross = 1", "columns.gross is no column"),
        ("[columns]", "[tables]", "'tables', which means nothing"),
        ('delimiter = ";"', 'delimiter = "::"', "delimiter is one of"),
        ('delimiter = ";"', "delimiter = 1", "delimiter is no text"),
        ('["payout"]', '"payout"', "skipped_types is no list"),
        ('type = "Type"', "", "no column says the type"),
        ('decimal = ","', 'decimal = ","\nminor_units = 1', "minor_units is true or false"),
        ("[columns]", "[columns", "no TOML"),
    ],
)
def test_a_mapping_that_does_not_say_enough_is_refused(old, new, reason):
    text = bytes_of("payouts.toml").decode()
    assert old in text
    with pytest.raises(MappingRefused, match=reason.replace("[", r"\[")):
        read_mapping(text.replace(old, new).encode())


def test_a_mapping_without_columns_is_refused():
    with pytest.raises(MappingRefused, match="no table"):
        read_mapping(b'source = "x"')


def test_amounts_in_minor_units_signs_and_brackets():
    mapping = read_mapping(
        b'source = "p"\naccount = "a"\ncurrency = "EUR"\nminor_units = true\nfee_is = "added"\n'
        b'[columns]\nreference = "r"\ngross = "g"\nfee = "f"\nnet = "n"\nbooked = "d"\n'
    )
    rows = "r,g,f,n,d\na,1000,-25,975,2026-02-27\nb,(500),,,26-02-27\nc,7-,,,2026/2/27\n"
    found = read_file(rows.encode(), mapping=mapping)
    assert [(each.amount, each.fee) for each in found.lines] == [(1000, 25), (-500, 0), (-7, 0)]
    assert {each.booking_date.isoformat() for each in found.lines} == {"2026-02-27"}
    for wrong, reason in (("1000.5", "no whole number"), ("", "no whole number")):
        with pytest.raises(Unreadable, match=reason):
            read_file(rows.replace("1000", wrong).encode(), mapping=mapping)


def test_a_table_that_is_no_csv_is_refused():
    with pytest.raises(Unreadable, match="no CSV"):
        read_file(bytes_of(CSV).replace(b'two lines"', b'two lines"x'), mapping=mapping_for(CSV))


def test_a_row_without_an_account_is_refused():
    columns = b'[columns]\nreference="r"\ngross="g"\nbooked="d"\naccount="a"'
    mapping = read_mapping(b'source="p"\ncurrency="EUR"\n' + columns)
    with pytest.raises(Unreadable, match="line 2: a row names no account"):
        read_file(b"r,g,d,a\n1,2,2026-01-01,\n", mapping=mapping)
