"""`ledgerctl stack up | down | status | logs | wipe`.

Owns: the words on the command line, and exit codes: 0 clean, 1 differences, 2 usage,
3 a dependency is away.
Never: does the work.
"""

import json
import subprocess
import sys
from collections.abc import Callable, Iterable
from functools import wraps
from pathlib import Path
from typing import ParamSpec, TypedDict, Unpack

import click
from rich.console import Console

from ops.stack import config, control, screen, supervisor
from ops.stack import wipe as wiping
from ops.stack.config import SERVICES, Layout, StackConfig
from ops.stack.errors import ConfigError, StackError
from ops.stack.order import Order

EXIT_DIFFERENCES = 1
EXIT_AWAY = 3
DEFAULT_LINES = 50

P = ParamSpec("P")


class UpOptions(TypedDict):
    """What `stack up` can be given beside its folder."""

    services: tuple[config.Service, ...]
    ports: dict[str, int]
    workers: int
    sinks: bool
    settlement: bool
    scheduler: bool
    automation: bool
    reconciliation: bool
    http: int
    publish: bool
    webhooks: bool
    lake: bool
    risk: bool
    tuning: config.Tuning
    foreground: bool


def reporting(command: Callable[P, None]) -> Callable[P, None]:
    """Turn an error of the stack into its message and exit code."""

    @wraps(command)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            command(*args, **kwargs)
        except ConfigError as error:
            raise click.UsageError(str(error)) from error
        except StackError as error:
            click.echo(f"error: {error}", err=True)
            sys.exit(EXIT_AWAY)

    return wrapped


def _ports(
    _context: click.Context, _option: click.Parameter, given: Iterable[str]
) -> dict[str, int]:
    pairs = [text.partition("=") for text in given]
    if wrong := [name for name, _, port in pairs if not port.isdecimal()]:
        raise click.BadParameter(f"write it as NAME=PORT, not {wrong[0]!r}")
    return {name: int(port) for name, _, port in pairs}


root_option = click.option(
    "--root",
    type=click.Path(path_type=Path, file_okay=False),
    default=lambda: config.default_root(config.environment()),
    show_default="LEDGER_STACK_DIR, else .stack",
    help="Folder of the stack.",
)


@click.group()
def stack() -> None:
    """The local stack: Kafka, PostgreSQL, Cassandra and Valkey on this machine."""


@stack.command()
@root_option
@click.option(
    "--service", "services", multiple=True, type=click.Choice(SERVICES), help="Only these."
)
@click.option("--port", "ports", multiple=True, metavar="NAME=PORT", callback=_ports)
@click.option("--workers", type=click.IntRange(0, 64), default=0, help="Stream workers to keep up.")
@click.option("--sinks", is_flag=True, help="Keep up a sink for every store.")
@click.option("--settlement", is_flag=True, help="Keep up a worker that pays merchants out.")
@click.option("--scheduler", is_flag=True, help="Keep up a worker that pays what is scheduled.")
@click.option("--automation", is_flag=True, help="Keep up a worker that does what rules say.")
@click.option("--reconciliation", is_flag=True, help="Keep up the jobs that compare partitions.")
@click.option(
    "--http",
    type=click.IntRange(0, 65_535),
    default=0,
    metavar="PORT",
    help="Keep up the HTTP entrance on this port.",
)
@click.option("--publish", is_flag=True, help="Keep up a worker that makes facts for analysts.")
@click.option("--webhooks", is_flag=True, help="Keep up what tells webhooks and people.")
@click.option("--lake", is_flag=True, help="Keep up what fills the lake with facts.")
@click.option("--risk", is_flag=True, help="Keep up a worker that counts across wallets.")
@click.option("--tuning", type=click.Choice(("quick", "sustained")), default="sustained")
@click.option("--foreground", is_flag=True, help="Stay, and stop everything on Ctrl-C.")
@reporting
def up(root: Path, **given: Unpack[UpOptions]) -> None:
    """Start the servers and wait until they are ready."""
    settings = StackConfig(
        root=root.absolute(),
        services=given["services"] or SERVICES,
        ports=given["ports"],
        tuning=given["tuning"],
    )
    order = Order(
        config=settings,
        workers=given["workers"],
        sinks=given["sinks"],
        settlement=given["settlement"],
        scheduler=given["scheduler"],
        automation=given["automation"],
        reconciliation=given["reconciliation"],
        http=given["http"],
        publish=given["publish"],
        webhooks=given["webhooks"],
        lake=given["lake"],
        risk=given["risk"],
    )
    if given["foreground"]:
        sys.exit(supervisor.run(order))
    run = control.up(order, click.echo)
    Console().print(screen.status_table(run), screen.endpoint_table(run.endpoints.env()))


@stack.command()
@root_option
@reporting
def down(root: Path) -> None:
    """Stop workers, sinks and servers; the data stays."""
    was_up = control.down(root.absolute(), click.echo)
    click.echo("the stack is down" if was_up else "no stack was up")


@stack.command()
@root_option
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@reporting
def status(root: Path, *, as_json: bool) -> None:
    """Show what runs. Exit code 1 when something that should run does not."""
    run = control.running(root.absolute())
    if as_json:
        click.echo(json.dumps(screen.as_json(run), indent=2))
    else:
        Console().print(screen.status_table(run), screen.endpoint_table(run.endpoints.env()))
    if run.phase != "ready" or screen.unhealthy(run.rows):
        sys.exit(EXIT_DIFFERENCES)


@stack.command()
@root_option
@click.argument("name", required=False)
@click.option("--lines", type=click.IntRange(1), default=DEFAULT_LINES, show_default=True)
@click.option("--follow", is_flag=True, help="Go on printing what is added, until Ctrl-C.")
@reporting
def logs(root: Path, name: str | None, *, lines: int, follow: bool) -> None:
    """Print the end of a log; without a NAME, of which there are logs."""
    folder = Layout(root.absolute()).logs
    known = sorted(file.stem for file in folder.glob("*.log"))
    if name is None:
        click.echo("\n".join(known) or f"there are no logs in {folder}")
        return
    if name not in known:
        raise ConfigError(f"there is no log named {name!r}; known: {', '.join(known) or 'none'}")
    arguments = ("-n", str(lines), *(("-F",) if follow else ()), str(folder / f"{name}.log"))
    subprocess.run(("tail", *arguments), check=False)


@stack.command()
@root_option
@click.option("--execute", is_flag=True, help="Do it; without this only the plan is printed.")
@reporting
def wipe(root: Path, *, execute: bool) -> None:
    """Delete the data of a stack that is down."""
    plan = wiping.plan(root.absolute())
    for path in plan:
        click.echo(f"delete {path}  ({wiping.size_bytes(path) / 1e6:.1f} MB)")
    if not plan:
        click.echo("there is nothing to delete")
    elif execute:
        wiping.execute(root.absolute())
        click.echo("deleted")
    else:
        click.echo("nothing was deleted: add --execute to do it")
