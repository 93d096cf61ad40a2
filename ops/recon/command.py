"""`ledgerctl recon VERB`.

Owns: the list of verbs.
Never: does the work of one.
"""

from __future__ import annotations

import click

from ops.recon.breaks import breaks
from ops.recon.cut import cut
from ops.recon.cuts import cuts
from ops.recon.files import read
from ops.recon.imports import import_


@click.group()
def recon() -> None:
    """Take a cut through all partitions; show cuts and breaks; read files of banks."""


for verb in (breaks, cut, cuts, import_, read):
    recon.add_command(verb)
