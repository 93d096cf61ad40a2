"""Sending: the records of this machine into the chain.

Owns: that an act which was done stays done when the log is away, and that somebody hears of it.
Never: raises for a record that waits; it is sent by the next mutation, or by `audit send`.
"""

from __future__ import annotations

from pathlib import Path

import click

from ingress.acts.sending import ActSender, actor_producer
from ingress.acts.spool import Spool
from ingress.sdk.errors import SdkError
from ops.errors import NothingKnownError, SettingsError
from ops.operations import FILE
from ops.settings import Settings, read_settings


def send_waiting(settings: Settings, file: Path) -> int:
    """Send what waits in a file; return how many records. Raises what the broker gives."""
    address = settings.broker()
    return ActSender(address, actor_producer(address)).send_all(Spool(file))


def tell(state_dir: Path) -> None:
    """Send what waits; say so where it cannot be."""
    file = state_dir / FILE
    try:
        send_waiting(read_settings(), file)
    except (SdkError, SettingsError, NothingKnownError, OSError) as error:
        click.echo(
            f"recorded in {file}, not yet in the chain ({error}): ledgerctl audit send", err=True
        )
