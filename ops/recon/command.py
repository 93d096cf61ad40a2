"""`ledgerctl recon VERB`.

Owns: the list of verbs.
Never: does the work of one.
"""

from __future__ import annotations

import click

from ops.recon.breaks import breaks
from ops.recon.cut import cut
from ops.recon.cuts import cuts


@click.group()
def recon() -> None:
    """Take a cut through all partitions; show cuts and breaks."""


for verb in (breaks, cut, cuts):
    recon.add_command(verb)
