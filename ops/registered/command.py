"""`ledgerctl schemas check`.

Owns: options and output. Exit code 1 names what is not registered or cannot read older records.
Never: judges; `schemas.registry` does.
"""

from __future__ import annotations

from pathlib import Path

import click

from ops.console import json_option, show_json
from ops.exits import DIFFERENCES
from schemas.lock import read_lock
from schemas.registry import current_normals, incompatible, removed, unregistered

READ = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def schemas() -> None:
    """Say whether schemas are registered, and read what was written under older ones."""


@schemas.command()
@click.option("--base", type=READ, help="An older lock, whose versions must still be here.")
@json_option
@click.pass_context
def check(ctx: click.Context, base: Path | None, *, as_json: bool) -> None:
    """Compare every schema with the committed lock; no server is asked.

    Needs the extra `dev`, which has the checker of compatibility.
    """
    normals, lock = current_normals(), read_lock()
    problems = removed(read_lock(base), lock) if base is not None else []
    problems += [*incompatible(normals, lock), *unregistered(normals, lock)]
    versions = sum(map(len, lock.values()))
    if as_json:
        show_json({"subjects": len(normals), "versions": versions, "differences": problems})
    else:
        for problem in problems:
            click.echo(f"difference: {problem}", err=True)
        click.echo(f"{len(normals)} subjects, {versions} versions: {len(problems)} differences")
    if problems:
        ctx.exit(DIFFERENCES)
