"""`ledgerctl console`: the console, on this machine alone, until Ctrl-C.

Owns: options, the socket, the life of what is served.
Never: listens elsewhere than on loopback: whoever reaches it sees everybody's balances.
"""

from __future__ import annotations

import socket
from contextlib import closing
from typing import Final

import click
import uvicorn

from ops.settings import read_settings
from ops.web.app import create_app
from ops.web.board import Board, Sampler
from ops.web.servers import Servers

LOOPBACK: Final = "127.0.0.1"
PORT: Final = 8085
HEAD_UNREAD_MAX: Final = 16_384
CONCURRENT_MAX: Final = 200
STOP_S: Final = 2


@click.command()
@click.option(
    "--port",
    type=click.IntRange(0, 65_535),
    default=PORT,
    show_default=True,
    help="0 takes one that is free.",
)
def console(port: int) -> None:
    """Show the running ledger as pages on this machine: it only reads.

    Throughput and lag by partition, Decisions, wallets, holds, transfers in flight, breaks, dead
    letters, invariants. A server that is away is told in its place; the rest goes on.
    """
    with closing(listening(port)) as listener:
        board = Board(Servers(read_settings()))
        sampler = Sampler(board)
        sampler.start()
        click.echo(f"console at http://{LOOPBACK}:{listener.getsockname()[1]}/ (Ctrl-C ends it)")
        try:
            uvicorn.Server(config_of(board)).run([listener])
        finally:
            sampler.stop()
            board.close()


def listening(port: int) -> socket.socket:
    """Return a socket of this machine that listens. Raises `click.UsageError`."""
    try:
        return socket.create_server((LOOPBACK, port))
    except OSError as error:
        raise click.UsageError(f"--port {port}: {error.strerror or error}") from error


def config_of(board: Board) -> uvicorn.Config:
    """Return the server's configuration: bounded, and silent about every request."""
    return uvicorn.Config(
        create_app(board),
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        limit_concurrency=CONCURRENT_MAX,
        h11_max_incomplete_event_size=HEAD_UNREAD_MAX,
        timeout_graceful_shutdown=STOP_S,
    )
