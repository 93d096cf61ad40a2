"""Bounds: what every request and every answer goes through.

Owns: the largest head and body, and the headers that a browser must not do without.
Never: knows a route.
"""

from __future__ import annotations

from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ingress.http.problems import Problem

BODY_MAX: Final = 65_536  # the ledger takes no longer value either
HEADERS_MAX: Final = 16_384  # bytes of all of them, as they stand on the wire
HEADER_LINES_MAX: Final = 100
TARGET_MAX: Final = 4_096  # path and query
LINE_EXTRA: Final = 4  # colon, space, end of line
SECURITY: Final = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",  # for those who do not know the policy below
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
}
# Only over TLS: a browser that heard it on loopback would find no door there any more.
TRANSPORT: Final = {"Strict-Transport-Security": "max-age=31536000"}
# What is left of a request that was not read is not read as the next one.
CLOSE: Final = {"Connection": "close"}


class Bounds:
    """An ASGI layer around the application, also around what answers its errors."""

    def __init__(self, app: ASGIApp) -> None:
        self._app: Final = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on with its body counted; give its answer the headers."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        worn = {**SECURITY, **TRANSPORT} if scope["scheme"] == "https" else SECURITY
        taken = 0

        async def counted() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > BODY_MAX:
                raise too_large()
            return message

        async def dressed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in worn.items():
                    headers.setdefault(name, value)
            await send(message)

        try:
            check_head(scope)
        except Problem as problem:
            scope["app"].state.guard.eyes.refused(problem.code)
            await problem.response()(scope, receive, dressed)
            return
        await self._app(scope, counted, dressed)


def check_head(scope: Scope) -> None:
    """Refuse what is too long before anything of it is used. Raises `Problem`."""
    headers: list[tuple[bytes, bytes]] = scope["headers"]
    if len(scope["raw_path"]) + len(scope["query_string"]) > TARGET_MAX:
        raise Problem("TARGET_TOO_LONG", f"more than {TARGET_MAX} bytes", headers=CLOSE)
    size = sum(len(name) + len(value) + LINE_EXTRA for name, value in headers)
    if size > HEADERS_MAX or len(headers) > HEADER_LINES_MAX:
        detail = f"more than {HEADERS_MAX} bytes or {HEADER_LINES_MAX} lines"
        raise Problem("HEADERS_TOO_LARGE", detail, headers=CLOSE)
    said = next((value for name, value in headers if name == b"content-length"), b"0")
    if said.isdigit() and int(said) > BODY_MAX:
        raise too_large()


def too_large() -> Problem:
    """Return the problem of a body."""
    return Problem("BODY_TOO_LARGE", f"more than {BODY_MAX} bytes", headers=CLOSE)
