"""Layer: every request of an address is counted, whatever it asks for.

Owns: what is never refused: the questions of whoever supervises this door; and by which names a
door without keys may be called.
Never: knows who calls.

A door without keys believes everybody on this machine. A page in a browser on it is somebody else:
it may give its own name the address 127.0.0.1, but it cannot send another Host than that name.
"""

from __future__ import annotations

from typing import Final

from starlette.types import ASGIApp, Receive, Scope, Send

from ingress.http.problems import Problem

OURS: Final = frozenset({"localhost", "127.0.0.1", "[::1]"})
FREE: Final = frozenset({"/healthz", "/readyz"})


class Paced:
    """An ASGI layer around the application, whose guard counts."""

    def __init__(self, app: ASGIApp) -> None:
        self._app: Final = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] == "http" and scope["path"] not in FREE:
            state = scope["app"].state
            # A socket in the file system has no address; whoever may open it is of this machine.
            host = scope["client"][0] if scope.get("client") else "local"
            try:
                if state.guard.open:
                    _check_name(scope)
                await state.guard.pace.address(host)
            except Problem as problem:
                state.guard.eyes.refused(problem.code)
                await problem.response()(scope, receive, send)
                return
        await self._app(scope, receive, send)


def _check_name(scope: Scope) -> None:
    """Refuse a name that is not this machine's. Raises `Problem`."""
    if not named_ours(scope):
        raise Problem("FORBIDDEN", "a door without keys is called by localhost")


def named_ours(scope: Scope) -> bool:
    """Say whether a request calls this machine by a name that only this machine has."""
    headers: dict[bytes, bytes] = dict(scope["headers"])
    name = headers.get(b"host", b"").decode("latin-1").lower()
    host, colon, port = name.rpartition(":")
    return (host if colon and port.isdecimal() else name) in OURS
