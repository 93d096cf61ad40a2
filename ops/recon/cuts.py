"""`ledgerctl recon cuts`: cuts, how far they got, and their proof.

Owns: options and output.
Never: compares; the match job did.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final

import click

from ops.console import json_option, money_text, show_json, show_rows
from ops.exits import DIFFERENCES
from ops.recon.found import Cut
from ops.recon.reading import chain_reader, read_found
from ops.settings import read_settings
from schemas.messages.recon import CutProved, CutReached

LIMIT: Final = 20
ReadChain = Callable[[CutReached], bytes | None]


@click.command()
@click.option("--limit", type=click.IntRange(1), default=LIMIT, show_default=True, help="Newest.")
@click.option(
    "--verify", is_flag=True, help="Compare each chain head with the header in the log too."
)
@json_option
@click.pass_context
def cuts(ctx: click.Context, limit: int, *, verify: bool, as_json: bool) -> None:
    """Show the newest cuts: who has taken them, what is in flight, whether all is equal.

    Exit code 1 when something differs. A cut that not every partition has taken yet is no
    difference.
    """
    address = read_settings().broker()
    found, partitions = read_found(address)
    newest = sorted(found.cuts.values(), key=lambda each: each.k)[-limit:]
    torn: list[str] = []
    if verify:
        with chain_reader(address) as read:
            torn = unchained(newest, read)
    if as_json:
        show_json({"cuts": [cut_document(each, partitions) for each in newest], "unchained": torn})
    else:
        show_rows([cut_row(each, partitions) for each in newest], as_json=False, empty="no cut")
        for line in torn:
            click.echo(line)
    if torn or any(each.proved is not None and not each.proved.equal for each in newest):
        ctx.exit(DIFFERENCES)


def cut_row(cut: Cut, partitions: int) -> dict[str, Any]:
    """Return a cut as a row of a table."""
    proved = cut.proved
    return {
        "cut": cut.k,
        "label": cut.label,
        "taken": f"{len(cut.reached)}/{partitions}",
        "equal": None if proved is None else ("yes" if proved.equal else "NO"),
        "in flight": None if proved is None else _money(proved, "in_flight"),
        "IB accounts": None if proved is None else _money(proved, "between"),
        "open": None if proved is None else proved.open_count,
        "legs behind/ahead": None
        if proved is None
        else f"{proved.legs_behind}/{proved.legs_ahead}",
    }


def cut_document(cut: Cut, partitions: int) -> dict[str, Any]:
    """Return a cut for programs, with its trial balance."""
    proved = cut.proved
    return {
        "k": cut.k,
        "label": cut.label,
        "partitions": partitions,
        "reached": [_reached(each) for _, each in sorted(cut.reached.items())],
        "proof": None if proved is None else _proof(proved),
    }


def unchained(cuts_taken: Iterable[Cut], read: ReadChain) -> list[str]:
    """Return, in words, where the log's own header is not the chain head that was computed."""
    return [
        f"cut {cut.k}: partition {each.partition}, sequence {each.sequence}: the log says another "
        f"chain head than its values give"
        for cut in cuts_taken
        for each in cut.reached.values()
        if read(each) != each.chain
    ]


def _reached(each: CutReached) -> dict[str, Any]:
    return {
        "partition": each.partition,
        "sequence": each.sequence,
        "offset": each.offset,
        "chain": each.chain.hex(),
    }


def _proof(proved: CutProved) -> dict[str, Any]:
    return {
        "equal": proved.equal,
        "open_count": proved.open_count,
        "legs_behind": proved.legs_behind,
        "legs_ahead": proved.legs_ahead,
        "money": [
            {
                "currency": each.currency,
                "trial": str(each.trial),
                "between": str(each.between),
                "in_flight": str(each.in_flight),
                "open": str(each.open),
            }
            for each in proved.money
        ],
        "trial_balance": [
            {"account": each.account, "currency": each.currency, "minor": str(each.minor)}
            for each in proved.sums
        ],
    }


def _money(proved: CutProved, name: str) -> str:
    amounts = [(getattr(each, name), each.currency) for each in proved.money]
    return ", ".join(money_text(*each) for each in amounts if each[0]) or "0"
