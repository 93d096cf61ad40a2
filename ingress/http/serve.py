"""Serve: the composition root of the HTTP entrance, and its life from start to SIGTERM.

Owns: what is opened, in which order it is closed, and the server's bounds.
Never: answers a request itself.
"""

from __future__ import annotations

import ssl
import sys
from collections.abc import Mapping
from contextlib import ExitStack
from typing import Final

import uvicorn
from fastapi import FastAPI

from eyes.logs import log_to_stderr, read_format
from eyes.server import EyesServer
from ingress.acts.sending import ActSender, actor_producer
from ingress.acts.teller import ActTeller
from ingress.http.app import create_app
from ingress.http.entrance import Entrance
from ingress.http.eyes import DoorEyes
from ingress.http.guard.audit import Audit
from ingress.http.guard.desk import Desk
from ingress.http.guard.guard import Guard
from ingress.http.guard.pace import Pace
from ingress.http.guard.provider_file import read_provider
from ingress.http.guard.shared import Shared
from ingress.http.keys import Keys, KeysError, read_keys
from ingress.http.reading import Books, LastKnown
from ingress.http.settings import Settings, SettingsError
from ingress.http.stores import Store
from ingress.sdk.errors import BrokerUnreachableError, NotAllowedError, TopicMissingError
from ingress.sdk.feed import ResultFeed
from ingress.sdk.producer import LedgerProducer, ProducerSettings
from ingress.sdk.waiting import Waiters
from sinks.cassandra.reads import CassandraReads
from sinks.postgres.reads import PostgresReads
from sinks.redis.reads import RedisReads

EXIT_USAGE: Final = 2
EXIT_AWAY: Final = 3
# Of what no request is made of yet; `bounds.py` has the bound of a whole one, and tells it.
HEAD_UNREAD_MAX: Final = 65_536
CONCURRENT_MAX: Final = 2_000
STOP_S: Final = 10
# The event loop must not wait for room: a full queue is the caller's to hear of.
PRODUCER: Final = ProducerSettings(queue_wait_s=0.0)


def main(env: Mapping[str, str]) -> int:
    """Listen until SIGTERM; return the exit code."""
    try:
        settings = Settings.from_env(env)
        check_certificate(settings)
        guard = guard_of(settings)
        log_to_stderr(read_format(settings.log_format))
    except (SettingsError, KeysError, ValueError) as error:
        sys.stderr.write(f"ingress: {error}\n")
        return EXIT_USAGE
    try:
        with ExitStack() as opened:
            _server(settings, guard, opened).run()
    except (BrokerUnreachableError, NotAllowedError, TopicMissingError) as error:
        sys.stderr.write(f"ingress: {error}\n")
        return EXIT_AWAY
    return 0


def guard_of(settings: Settings) -> Guard:
    """Return who is let in. Raises `KeysError`, `SettingsError`."""
    keys = Keys() if settings.keys is None else read_keys(settings.keys)
    provider = None if settings.provider is None else read_provider(settings.provider, keys.ids)
    shared = Shared(settings.redis) if settings.redis else None
    pace = Pace(settings.rates, DoorEyes(), shared.counters if shared else None)
    desk = Desk(keys, pace, shared.slips if shared else None)
    guard = Guard(keys, provider, pace, desk, audit_of(settings))
    if shared is not None:
        guard.at_end.append(shared.close)
    return guard


def audit_of(settings: Settings) -> Audit:
    """Return where records go. Raises `SettingsError`."""
    try:
        return Audit(settings.audit)
    except OSError as error:
        raise SettingsError(f"LEDGER_HTTP_AUDIT: {error}") from error


def check_certificate(settings: Settings) -> None:
    """Refuse a certificate that nobody could be shown. Raises `SettingsError`."""
    if settings.cert is None:
        return
    try:
        # Without a password here a locked key would be asked for at the terminal.
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(
            settings.cert, settings.cert_key, password=""
        )
    except (OSError, ValueError) as error:
        raise SettingsError(f"LEDGER_HTTP_CERT, LEDGER_HTTP_CERT_KEY: {error}") from error


def books_of(settings: Settings) -> Books:
    """Return the stores that the settings name."""
    cassandra = settings.cassandra
    return Books(
        Store("postgres", lambda: PostgresReads(settings.postgres)) if settings.postgres else None,
        Store("redis", lambda: RedisReads(settings.redis)) if settings.redis else None,
        Store("cassandra", lambda: CassandraReads(cassandra)) if cassandra is not None else None,
        LastKnown(),
    )


def _server(settings: Settings, guard: Guard, opened: ExitStack) -> uvicorn.Server:
    waiters = Waiters()
    books = books_of(settings)
    opened.callback(books.close)
    feed = ResultFeed(settings.kafka, waiters)
    opened.callback(feed.close)
    producer = opened.enter_context(LedgerProducer(settings.kafka, PRODUCER))

    _tell_acts(settings, guard.audit, opened)

    def missing() -> str:
        return "" if feed.alive else "results are not read"

    guard.eyes.watch(missing)
    if settings.metrics is not None:
        page = EyesServer(settings.metrics, guard.eyes)
        page.start()
        opened.callback(page.stop)
    app = create_app(Entrance(producer, waiters), books, guard, missing)
    config = config_of(app, settings.host, settings.port)
    config.ssl_certfile, config.ssl_keyfile = settings.cert, settings.cert_key
    return uvicorn.Server(config)


def _tell_acts(settings: Settings, audit: Audit, opened: ExitStack) -> None:
    """Move records into the log while the door is open; a request never waits for that."""
    sender = ActSender(settings.kafka, actor_producer(settings.kafka))
    teller = ActTeller(audit.trays, sender)
    audit.on_record = teller.wake
    teller.start()
    opened.callback(teller.stop)


def config_of(app: FastAPI, host: str, port: int) -> uvicorn.Config:
    """Return the server's configuration: bounded, and silent about every request."""
    return uvicorn.Config(
        app,
        host,
        port,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,  # an address that anybody may write down is none
        limit_concurrency=CONCURRENT_MAX,
        h11_max_incomplete_event_size=HEAD_UNREAD_MAX,
        timeout_graceful_shutdown=STOP_S,
    )
