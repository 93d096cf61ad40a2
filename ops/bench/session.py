"""What every bench command does around its measurement.

Owns: the records it sends, the servers it runs on, how it tells its figures.
Never: measures.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import click

from ops.bench.pipeline import PARTITIONS
from ops.bench.profiles import loads_of
from ops.bench.stage import staged
from ops.bench.table import show

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from ops.bench.load import Load
    from ops.stack import Service, Stack

SEED: Final = 7


def loads_for(
    profile: str, commands: int, wallets: int, partitions: int = PARTITIONS
) -> list[Load]:
    """Return a profile's records; an impossible town is a wrong option."""
    try:
        return list(loads_of(profile, SEED, commands, wallets, partitions))
    except ValueError as error:
        raise click.UsageError(str(error)) from error


def servers(
    partitions: int = PARTITIONS, services: tuple[Service, ...] = ("kafka",)
) -> AbstractContextManager[Stack]:
    """Run Kafka, and what else is asked for, as `--flush` says; gone afterwards."""
    return staged(_flush(), partitions, services)


def tell(figures: dict[str, Any], *, as_json: bool) -> None:
    """Print figures with the durability they were measured under."""
    show({"flush": _flush(), **figures}, as_json=as_json)


def _flush() -> str:
    group = click.get_current_context().parent
    assert group is not None, "a bench is a command of the group"
    return str(group.params["flush"])
