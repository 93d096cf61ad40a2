"""`ledgerctl demo`: the local stack, a first day of traffic, the proof, and the stack's end.

Owns: the folder, the screen, and what stays behind: nothing, or with KEEP=1 a running stack.
Never: wipes a folder that was not made by a demo.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from ops.bench.load import Load
from ops.demo.generator import DEFAULT_COMMANDS, DEFAULT_WALLETS, first_day
from ops.demo.report import show, show_next
from ops.demo.run import PARTITIONS, WORKERS, Day
from ops.demo.words import next_steps
from ops.stack import Stack, StackConfig, StackError, control, wipe
from ops.stack.config import default_root, environment
from ops.stack.order import Order

if TYPE_CHECKING:
    from collections.abc import Sequence

MARK: Final = "made-by-demo"
EXIT_DIFFERENCES: Final = 1
EXIT_AWAY: Final = 3
MICROS: Final = 1_000_000


@click.command()
@click.option("--commands", default=DEFAULT_COMMANDS, show_default=True, help="Commands to send.")
@click.option("--wallets", default=DEFAULT_WALLETS, show_default=True, help="Wallets they touch.")
@click.option("--seed", default=1, show_default=True, help="The same seed is the same day.")
@click.option(
    "--keep",
    is_flag=True,
    default=lambda: os.environ.get("KEEP") == "1",
    help="Leave the stack up afterwards (also KEEP=1).",
)
@click.option(
    "--root",
    type=click.Path(path_type=Path, file_okay=False),
    default=lambda: default_root(environment()),
    show_default="LEDGER_STACK_DIR, else .stack",
    help="Folder of the stack.",
)
def demo(*, commands: int, wallets: int, seed: int, keep: bool, root: Path) -> None:
    """Run a first day of traffic on real servers and prove that it adds up."""
    console = Console()
    began = time.monotonic()
    config = StackConfig(root=root.absolute(), tuning="sustained")
    loads = _day(seed, commands, wallets)
    try:
        _fresh(config.root)
        holds = _run(console, config, loads)
    except StackError as error:
        click.echo(f"error: {error}", err=True)
        sys.exit(EXIT_AWAY)
    console.print(f"\nseed {seed}, {time.monotonic() - began:.0f} s in all")
    if keep:
        control.up(Order(config=config, workers=WORKERS, sinks=True), click.echo)
    show_next(console, next_steps(config.root, keep=keep))
    sys.exit(0 if holds else EXIT_DIFFERENCES)


def _day(seed: int, commands: int, wallets: int) -> list[Load]:
    try:
        records = first_day(
            seed,
            start_us=int(time.time()) * MICROS,
            commands=commands,
            wallets=wallets,
            partitions=PARTITIONS,
        )
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    return [Load(each.key, each.value, each.partition, each.command_id) for each in records]


def _fresh(root: Path) -> None:
    """Make room for the day: an earlier demo's data goes, anybody else's stays and is named."""
    mark = root / MARK
    if wipe.plan(root):
        if not mark.exists():
            message = f"{root} holds a stack that is not a demo's: choose another --root"
            raise StackError(message)
        control.down(root, click.echo)
        mark.unlink()
        wipe.execute(root)
    root.mkdir(parents=True, exist_ok=True)
    mark.touch()


def _run(console: Console, config: StackConfig, loads: Sequence[Load]) -> bool:
    """Run the day, print the report; return whether everything adds up."""
    with Stack(config, say=console.print) as stack:
        with _progress(console) as progress:
            ended = Day(stack, loads, progress).run()
        show(console, ended)
    return ended.holds


def _progress(console: Console) -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    return Progress(*columns, TimeElapsedColumn(), console=console)
