"""`ledgerctl recon VERB`.

Owns: the list of verbs.
Never: does the work of one.
"""

from __future__ import annotations

import click

from ops.recon.breaks import breaks
from ops.recon.cut import cut
from ops.recon.cuts import cuts
from ops.recon.expect import expect
from ops.recon.files import read
from ops.recon.imports import import_
from ops.recon.opening import open_
from ops.recon.report.command import report
from ops.recon.rounds.command import limits, state
from ops.recon.rounds.safeguarding import safeguarding
from ops.recon.show import show
from ops.recon.steps import assign, move, resolve
from ops.recon.writing_off import write_off


@click.group()
def recon() -> None:
    """Take a cut through all partitions; show and end breaks; read files of banks."""


VERBS = (
    *(breaks, cut, cuts, import_, read),
    *(open_, show, assign, move, resolve, write_off, report, expect),
    *(state, limits, safeguarding),
)
for verb in VERBS:
    recon.add_command(verb)
