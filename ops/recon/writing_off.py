"""`ledgerctl recon write-off ID propose|approve|decline|book`: an amount given up, by four eyes.

Owns: options, and which step leads to a booking.
Never: books by hand: the ledger is asked for an adjustment, and the entry it posted is named.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Final

import click

from ingress.sdk.stamp import now_us
from ops import operations
from ops.console import execute_option, json_option
from ops.errors import DocumentError
from ops.operations import reason_option
from ops.recon.acting import Asked, Move, case_in, go, move_of, show, take
from ops.recon.authorities import Book, read_authorities
from ops.recon.booking import Teller, booked, commands_of
from ops.recon.reading import read_found
from ops.recon.teller import LogTeller
from ops.settings import Settings, read_settings
from schemas.messages.vocabulary import AdjustmentDirection
from streams.reconciliation.external.exceptions.workflow import Act, ActRefused, Case, Verb
from streams.reconciliation.external.exceptions.write_off import Terms, authority_for, short_of

DIRECTIONS: Final = {
    "to-wallet": AdjustmentDirection.CREDIT_WALLET,
    "from-wallet": AdjustmentDirection.DEBIT_WALLET,
}
authorities_option = click.option(
    "--authorities",
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Who may write off how much, as TOML.",
)


@click.group("write-off")
def write_off() -> None:
    """Give an amount up: one proposes, others approve, the ledger books."""


@write_off.command()
@click.argument("case_id", metavar="ID")
@click.option("--wallet", required=True, help="Wallet that is adjusted.")
@click.option("--account", required=True, help="Counter account, such as EXP.GOODWILL.")
@click.option("--direction", required=True, type=click.Choice(tuple(DIRECTIONS)))
@authorities_option
@reason_option
@execute_option
@json_option
def propose(  # noqa: PLR0913 - one parameter per option
    case_id: str,
    wallet: str,
    account: str,
    direction: str,
    authorities: Path,
    reason: str,
    *,
    execute: bool,
    as_json: bool,
) -> None:
    """Propose it; only whoever has the exception. Nothing is booked yet."""
    book, settings = read_authorities(authorities), read_settings()
    case = case_in(read_found(settings.broker())[0], case_id)
    terms = terms_of(case, book, (wallet, account, DIRECTIONS[direction]))
    act = _act(Verb.PROPOSE, reason)
    go(settings, case_id, replace(act, terms=terms), Asked(reason, execute, as_json))


@write_off.command()
@click.argument("case_id", metavar="ID")
@authorities_option
@reason_option
@execute_option
@json_option
def approve(case_id: str, authorities: Path, reason: str, *, execute: bool, as_json: bool) -> None:
    """Agree, as somebody else than who proposed it; the last one needed lets it be booked."""
    asked, settings = Asked(reason, execute, as_json), read_settings()
    operations.require_reason(reason, execute=execute)
    role = read_authorities(authorities).role_of(operations.who())
    act = replace(_act(Verb.APPROVE, reason), role=role)
    move = move_of(read_found(settings.broker())[0], case_id, act)

    def do() -> None:
        case = take(settings, move, reason)
        if not lacking(case):
            book(settings, case, reason, LogTeller(settings.broker()))

    show([*move.lines(), *what_follows(move.after)], asked, do)


@write_off.command()
@click.argument("case_id", metavar="ID")
@reason_option
@execute_option
@json_option
def decline(case_id: str, reason: str, *, execute: bool, as_json: bool) -> None:
    """Say no, or withdraw what one proposed; it is looked into again."""
    go(read_settings(), case_id, _act(Verb.DECLINE, reason), Asked(reason, execute, as_json))


@write_off.command("book")
@click.argument("case_id", metavar="ID")
@reason_option
@execute_option
@json_option
def book_(case_id: str, reason: str, *, execute: bool, as_json: bool) -> None:
    """Book what was agreed on, where the last approval did not come to it; safe to repeat."""
    asked, settings = Asked(reason, execute, as_json), read_settings()
    operations.require_reason(reason, execute=execute)
    case = case_in(read_found(settings.broker())[0], case_id)
    problem = lacking(case)
    if problem:
        raise ActRefused(problem)
    teller = LogTeller(settings.broker())

    def do() -> None:
        book(settings, case, reason, teller)

    show(what_follows(case), asked, do)


def terms_of(case: Case, book: Book, adjusted: tuple[str, str, AdjustmentDirection]) -> Terms:
    """Return what is proposed and who must agree. Raises `DocumentError` when nobody may."""
    line = authority_for(case.amount, case.currency, book.authorities)
    if line is None:
        raise DocumentError(
            f"--authorities: nobody may write off {case.amount} {case.currency} in minor units"
        )
    return Terms(*adjusted, max(1, line.approvals), line.role)


def lacking(case: Case) -> str:
    """Say what is still to be done before a write-off can be booked."""
    if case.terms is None:
        return f"{Verb.BOOK} does not fit {case.state}"
    return short_of(case.terms, case.maker, case.approvals)


def what_follows(case: Case) -> list[str]:
    """Return what will be asked of the ledger, or what is still needed, in words."""
    problem = lacking(case)
    return [f"not booked yet: {problem}"] if problem else commands_of(case).lines()


def book(settings: Settings, case: Case, reason: str, teller: Teller) -> Case:
    """Ask the ledger for the adjustment, then name its entry. Raises `OvertakenError`."""
    entry_id = booked(commands_of(case), teller)
    act = replace(_act(Verb.BOOK, reason), entry_id=entry_id)
    return take(settings, _booking(settings, case.case_id, act), reason)


def _booking(settings: Settings, case_id: str, act: Act) -> Move:
    return move_of(read_found(settings.broker())[0], case_id, act)


def _act(verb: Verb, reason: str) -> Act:
    return Act(verb=verb, actor=operations.who(), at=now_us(), note=reason)
