"""Clocks: how far those of the servers are from this machine's.

Owns: asking them, and how much apart is too much.
Never: sets one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from ingress.sdk.stamp import now_us
from ops.doctor.finding import Finding
from ops.errors import NothingKnownError
from ops.settings import Settings
from sinks.errors import SinkError

# Less than the session of a worker, more than NTP ever leaves.
SKEW_MAX_US: Final = 2_000_000
MICROS: Final = 1_000_000


def skews(settings: Settings) -> dict[str, int]:
    """Return how far ahead of ours each store's clock is, in microseconds; who is away is not."""
    found: dict[str, int] = {}
    for store, ask in ASK.items():
        try:
            place = settings.store(store)
            before = now_us()
            theirs = ask(str(place))
        except (NothingKnownError, SinkError, ModuleNotFoundError):
            continue  # named by the check of that store
        found[store] = theirs - (before + now_us()) // 2
    return found


def clocks(stores: Mapping[str, int], broker_newest_us: int, now: int) -> Finding:
    """Judge the clocks: of stores by their answer, of brokers by their newest record.

    A broker whose clock is behind is not seen here: that is for the clients' clocks to tell.
    """
    found = dict(stores)
    if broker_newest_us > now:
        found["kafka"] = broker_newest_us - now
    wrong = {name: skew for name, skew in found.items() if abs(skew) > SKEW_MAX_US}
    if not wrong:
        asked = " and ".join(stores) or "no store"
        return Finding("clocks", well=True, found=f"ours fits {asked} and the newest record")
    words = ", ".join(
        f"{name} is {abs(skew) / MICROS:.1f} s {'ahead' if skew > 0 else 'behind'}"
        for name, skew in sorted(wrong.items())
    )
    advice = "set every machine by NTP (chrony or systemd-timesyncd), this one too"
    return Finding("clocks", well=False, found=f"{words} of this machine's clock", advice=advice)


def _postgres(place: str) -> int:
    from sinks.postgres.connection import connect, store_errors  # noqa: PLC0415 - an extra

    with store_errors(), connect(place, "ledger-doctor") as connection:
        row = connection.execute(
            "SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint"
        ).fetchone()
    assert row is not None, "a SELECT without FROM has a row"
    return int(row[0])


def _redis(place: str) -> int:
    from sinks.redis.client import connect, store_errors  # noqa: PLC0415 - an extra

    with store_errors(), connect(place) as client:
        seconds, micros = client.time()
    return int(seconds) * MICROS + int(micros)


ASK: Final[Mapping[str, Callable[[str], int]]] = {"postgres": _postgres, "redis": _redis}
