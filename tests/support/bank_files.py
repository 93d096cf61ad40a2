"""The made-up files of banks, and what the tests do to them."""

from pathlib import Path

from streams.reconciliation.external.readers import read_file
from streams.reconciliation.external.readers.mapping import read_mapping

FOLDER = Path(__file__).with_name("bank_files")
CAMT = "statement.camt.053.001.02.xml"
PAGES = "two_pages.camt.053.001.08.xml"
ADVICE = "advice.camt.054.001.04.xml"
MT940 = "two_statements.mt940"
MT942 = "report.mt942"
BAI2 = "day.bai2"
NACHA = "returns.ach"
CSV = "payouts.csv"
EVERY_FILE = (CAMT, PAGES, ADVICE, MT940, MT942, BAI2, NACHA, CSV)


def bytes_of(name):
    return (FOLDER / name).read_bytes()


def mapping_for(name):
    return read_mapping(bytes_of("payouts.toml")) if name == CSV else None


def read_named(name, *changes):
    """Read a file of the folder, after replacements of text."""
    data = bytes_of(name)
    for change in changes:
        old, new = (each if isinstance(each, bytes) else each.encode() for each in change)
        assert old in data, f"{old!r} is not in {name}"
        data = data.replace(old, new)
    return read_file(data, mapping=mapping_for(name))
