"""`ledgerctl recon safeguarding`: was every currency covered when a day was closed (RI13)?

Owns: options, which closed day is asked about, and when a shortfall ends by itself.
Never: works the cover out; the report does, here as in `ledgerctl report safeguarding`.

Covered is asked at the close, and where a shortfall is open also where the log ends now: the
treasury funds it after the close. No leg on its way changes the answer, since money between
partitions is owed all the time.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from contextlib import closing
from typing import Final

import click

from ops import operations
from ops.console import execute_option, json_option, money_text
from ops.day.command import read_days
from ops.errors import DocumentError
from ops.exits import DIFFERENCES
from ops.operations import reason_option
from ops.reading import Placed, TopicReader, raise_damage, sealed
from ops.recon.acting import Asked
from ops.recon.reading import read_found
from ops.recon.rounds.telling import Round, begun, ended, tell
from ops.reports.command import TITLES
from ops.reports.fold import Asked as Report
from ops.reports.fold import fold
from ops.reports.period import Period
from ops.reports.safeguarding import Safeguarding
from ops.settings import read_settings
from schemas.access.kafka import Servers
from streams.reconciliation.external.exceptions.kinds import Kind
from streams.reconciliation.external.exceptions.workflow import ENDED, Case
from streams.reconciliation.external.judged import Judgement
from streams.reconciliation.rounds import ri13_safeguarding
from streams.reconciliation.rounds.ri13_safeguarding import Cover
from streams.wallet.genesis import genesis_policy
from topics.catalog import EVENTS

NAME: Final = "safeguarding"


@click.command()
@click.option("--day", "asked_day", default="", help="A closed day; else the last one.")
@reason_option
@execute_option
@json_option
@click.pass_context
def safeguarding(
    ctx: click.Context, asked_day: str, reason: str, *, execute: bool, as_json: bool
) -> None:
    """Open what was not covered when a day was closed; end what is covered now.

    Exit code 1 when a currency was short at that close.
    """
    operations.require_reason(reason, execute=execute)
    settings = read_settings()
    address = settings.broker()
    days = read_days(address).whole()
    day = asked_day or (days[-1] if days else "")
    if day not in days:
        what = f"--day: {day} is not closed" if day else "no day is closed"
        raise DocumentError(f"{what} on every partition: see `ledgerctl day show`")
    covers = read_covers(address, Period(to_day=day))
    known = read_found(address)
    cases = known[0].cases.by_id
    found = [ri13_safeguarding.failed(day, each) for each in covers]
    differences = [each for each in found if each is not None]
    arrived = Judgement((), ())
    if any(each.kind is Kind.RI13 and each.state not in ENDED for each in cases.values()):
        arrived = judged_now(cases, read_covers(address, Period()))
    judgement = Judgement(begun(differences, cases).opened, arrived.arrived)
    document = {"day": day, "covers": [cover_document(each) for each in covers]}
    lines = [f"close of {day}: {said(each)}" for each in covers]
    made = Round(document, lines, differences)
    tell(made, judgement, known, settings, Asked(reason, execute, as_json))
    if differences:
        ctx.exit(DIFFERENCES)


def read_covers(address: Servers, period: Period) -> tuple[Cover, ...]:
    """Read the log to the end of a period, and return what covers each currency there."""
    with closing(TopicReader(address, EVENTS.name)) as reader:
        return covers_in(sealed(reader.read(), raise_damage), range(reader.partitions), period)


def covers_in(
    log: Iterable[Placed], partitions: Collection[int], period: Period
) -> tuple[Cover, ...]:
    """Fold a log to the end of a period, and return what covers each currency there."""
    sheet = Safeguarding()
    fold(log, partitions, Report(NAME, TITLES[NAME], sheet, period, genesis_policy().zone))
    return sheet.covers


def judged_now(cases: Mapping[str, Case], covers: tuple[Cover, ...]) -> Judgement:
    """Return which shortfalls end: those of a currency that is covered now."""
    missing = {each.currency: each.missing for each in covers}

    def why(case: Case) -> str:
        surplus = -missing.get(case.currency, 0)
        return f"covered, with a surplus of {surplus}" if surplus >= 0 else ""

    return ended(Kind.RI13, cases, why)


def cover_document(cover: Cover) -> dict[str, str]:
    """Return it for programs; amounts as text, since they may need 64 bits."""
    return {
        name: str(value) for name, value in [*cover._asdict().items(), ("missing", cover.missing)]
    }


def said(cover: Cover) -> str:
    """Return it in words."""
    owed, missing = money_text(cover.requirement, cover.currency), cover.missing
    how = "SHORT of" if missing > 0 else "covered, surplus"
    return f"owed {owed}, {how} {money_text(abs(missing), cover.currency)}"
