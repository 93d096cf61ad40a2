"""`ledgerctl report NAME`: accounts, statements and safeguarding of a period, from the log alone.

Owns: options, which sheet a name means, output and exit code (1 when a proof fails).
Never: computes; a store is not asked.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Final, NamedTuple

import click

from ops.exits import CLEAN, DIFFERENCES
from ops.reading import TopicReader, raise_damage, sealed
from ops.reports.balance_sheet import balance_sheet, profit_and_loss
from ops.reports.cash_flow import CashFlow
from ops.reports.clearing import Clearing
from ops.reports.errors import ReportError
from ops.reports.fold import Asked, BooksAlone, Sheet, fold
from ops.reports.general_ledger import GeneralLedger
from ops.reports.paper import Report
from ops.reports.period import Period
from ops.reports.safeguarding import Safeguarding
from ops.reports.settlement import Settlement
from ops.reports.shown import FORMS
from ops.reports.statement import Statement
from ops.reports.subsidiary import subsidiary
from ops.reports.trial_balance import trial_balance
from ops.settings import read_settings
from streams.wallet.genesis import genesis_policy
from topics.catalog import EVENTS
from topics.partitioning import partition_of

OF_ONE: Final = ("statement", "settlement")
PDF: Final = "pdf"
BY_ACCOUNT: Final = ("general-ledger", "subsidiary")
TITLES: Final = {
    "trial-balance": "Trial balance",
    "general-ledger": "General ledger",
    "subsidiary": "Subsidiary ledgers",
    "balance-sheet": "Balance sheet",
    "profit-and-loss": "Profit and loss",
    "cash-flow": "Cash flow",
    "statement": "Statement",
    "settlement": "Settlement statement",
    "safeguarding": "Safeguarding",
    "clearing": "Clearing accounts",
}


class Question(NamedTuple):
    """What the options ask for."""

    name: str
    wallet_id: str
    account: str
    period: Period


@click.command()
@click.argument("name", type=click.Choice(tuple(TITLES)))
@click.option("--cut", type=click.IntRange(min=1), help="End at this cut.")
@click.option("--day", default="", help="The closed business day, such as 2025-06-01.")
@click.option("--offset", "offsets", multiple=True, help="PARTITION=OFFSET, for each partition.")
@click.option("--from-cut", type=click.IntRange(min=1), help="Begin after this cut.")
@click.option("--wallet", default="", help="Whose statement or settlement.")
@click.option("--account", default="", help="One code of the chart: general-ledger, subsidiary.")
@click.option("--format", "form", default="table", type=click.Choice((*FORMS, PDF)))
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write a file.")
@click.pass_context
def report(  # noqa: PLR0913 - one parameter per option
    ctx: click.Context,
    name: str,
    cut: int | None,
    day: str,
    offsets: tuple[str, ...],
    from_cut: int | None,
    wallet: str,
    account: str,
    form: str,
    out: Path | None,
) -> None:
    """Make a report from the first record, or a cut, to a cut, a closed day or offsets.

    Without an end it goes to where the log ends, and says so. Exit code 1: a proof fails.
    """
    if form == PDF and (out is None or name not in OF_ONE):
        raise ReportError(f"--format: pdf is for {' and '.join(OF_ONE)}, and needs --out")
    period = period_of(cut or 0, day, offsets_of(offsets), from_cut or 0)
    question = Question(name, wallet, account, period)
    ctx.exit(show(read(question), form, out))


def period_of(cut: int, day: str, offsets: Mapping[int, int] | None, from_cut: int) -> Period:
    """Return the period of the options. Raises `ReportError`."""
    if day:
        try:
            date.fromisoformat(day)
        except ValueError as error:
            raise ReportError(f"--day: {day!r} is no date such as 2025-06-01") from error
    return Period(from_cut, day, cut, day, offsets)


def offsets_of(texts: Sequence[str]) -> dict[int, int] | None:
    """Return the offset of each partition that is named. Raises `ReportError`."""
    found: dict[int, int] = {}
    for text in texts:
        number, _, offset = text.partition("=")
        if not (number.isdecimal() and offset.isdecimal()):
            raise ReportError(f"--offset: {text!r} is not PARTITION=OFFSET, such as 0=4711")
        found[int(number)] = int(offset)
    return found or None


def sheet_of(question: Question) -> Sheet:
    """Return what gathers the report. Raises `ReportError`."""
    name, wallet_id, account = question.name, question.wallet_id, question.account
    if bool(wallet_id) != (name in OF_ONE):
        raise ReportError(f"--wallet: needed by {' and '.join(OF_ONE)}, and by no other report")
    if account and name not in BY_ACCOUNT:
        raise ReportError(f"--account: only {' and '.join(BY_ACCOUNT)} are of one account")
    makers: dict[str, Callable[[], Sheet]] = {
        "trial-balance": lambda: BooksAlone(trial_balance),
        "general-ledger": lambda: GeneralLedger(account),
        "subsidiary": lambda: BooksAlone(subsidiary(account)),
        "balance-sheet": lambda: BooksAlone(balance_sheet),
        "profit-and-loss": lambda: BooksAlone(profit_and_loss),
        "cash-flow": CashFlow,
        "statement": lambda: Statement(wallet_id),
        "settlement": lambda: Settlement(wallet_id),
        "safeguarding": Safeguarding,
        "clearing": Clearing,
    }
    return makers[name]()


def check_offsets(offsets: Mapping[int, int], ends: Mapping[int, int]) -> None:
    """Raise `ReportError` unless each partition has one that the log has already come to.

    A report of what is not written yet would change when it is.
    """
    if set(offsets) != set(ends):
        raise ReportError(f"--offset: name each of the partitions {sorted(ends)} once")
    for number, offset in sorted(offsets.items()):
        if offset >= ends[number]:
            raise ReportError(f"--offset: partition {number} ends before offset {ends[number]}")


def read(question: Question) -> Report:
    """Read the log and return the report."""
    sheet, period = sheet_of(question), question.period
    asked = Asked(question.name, TITLES[question.name], sheet, period, genesis_policy().zone)
    with closing(TopicReader(read_settings().broker(), EVENTS.name)) as reader:
        partitions = list(range(reader.partitions))
        if question.wallet_id:
            partitions = [partition_of(question.wallet_id, reader.partitions)]
        if period.offsets is not None:
            ends = reader.ends()
            check_offsets(period.offsets, {number: ends[number] for number in partitions})
        return fold(sealed(reader.read(partitions), raise_damage), partitions, asked)


def show(made: Report, form: str, out: Path | None) -> int:
    """Print a report or write it to a file; return the exit code."""
    if out is None:
        click.echo(FORMS[form](made), nl=False)
    else:
        out.write_bytes(_drawn(made) if form == PDF else FORMS[form](made).encode())
    for proof in made.proofs:
        if not proof.holds:
            click.echo(f"difference: {proof.text}", err=True)
    return CLEAN if made.holds else DIFFERENCES


def _drawn(made: Report) -> bytes:
    from ops.reports.pdf import as_pdf  # noqa: PLC0415 - only who draws waits for its library

    return as_pdf(made)
