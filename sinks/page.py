"""Page: where a process of this room shows its metrics, when somebody wants to see them.

Owns: opening it, and the words for a port that is taken.
Never: knows what is told.
"""

from __future__ import annotations

from eyes.server import EyesServer, Told
from sinks.errors import SettingsError
from sinks.settings import Settings


def show(settings: Settings, told: Told) -> None:
    """Open the page of metrics where one is wanted. Raises `SettingsError`."""
    if settings.metrics is None:
        return
    try:
        EyesServer(settings.metrics, told).start()
    except OSError as error:
        raise SettingsError(f"LEDGER_METRICS: {settings.metrics}: {error}") from error
