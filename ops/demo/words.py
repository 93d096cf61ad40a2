"""What to try after the demo, ready to paste.

Owns: the commands and their wording.
Never: runs them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ops.stack import control

if TYPE_CHECKING:
    from pathlib import Path

    from ops.stack import Endpoints

TRIAL_BALANCE: Final = '-c "SELECT currency, sum(amount) FROM posting GROUP BY currency"'

HISTORY: Final = '-e "SELECT wallet_id, sequence, flow FROM ledger.history LIMIT 5"'


def next_steps(root: Path, *, keep: bool) -> dict[str, list[str]]:
    """Return titled commands; those on servers only where the stack was left up."""
    if not keep:
        return {
            "Try next": [
                "KEEP=1 make demo                 # the same, and leave the stack up",
                ".venv/bin/ledgerctl stack up --workers 2 --sinks   # up again on the same data",
                ".venv/bin/ledgerctl feed ops/demo/first_day.jsonl --wait",
            ]
        }
    return {
        "Try next": [
            ".venv/bin/ledgerctl feed ops/demo/first_day.jsonl --wait",
            ".venv/bin/ledgerctl log tail",
            ".venv/bin/ledgerctl verify log",
            ".venv/bin/ledgerctl recon cuts --verify",
            ".venv/bin/ledgerctl stack down",
        ],
        "Ask the stores yourself": store_lines(control.endpoints(root)),
    }


def store_lines(ends: Endpoints) -> list[str]:
    """Return one line for each store."""
    host, _, port = ends.cassandra.partition(":")
    return [
        " ".join(("psql", f'"{ends.postgres}"', TRIAL_BALANCE)),
        f"cqlsh {host} {port} {HISTORY}",
        f"redis-cli -u {ends.redis} --scan | head",
    ]
