"""Door: what every request of the console and every answer goes through.

Owns: by which names it may be called, what a browser may do with a page, the largest request.
Never: knows a page.

Whoever sits at this machine may see everything, so nobody is asked who he is. A page of another
site in the same browser is somebody else: it cannot read an answer of this door, and when it gives
its own name the address of this machine it calls the door by that name, and is refused.
"""

from __future__ import annotations

from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ingress.http.guard.layer import named_ours

TARGET_MAX: Final = 2_048  # path and query
READS: Final = frozenset({"GET", "HEAD"})
# What nobody allows is forbidden: also a script, a style or a form action inside a page.
ALLOWED: Final = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
HEADERS: Final = {
    "Content-Security-Policy": "; ".join(map(" ".join, ALLOWED.items())),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",  # for those who do not know the policy above
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",  # balances of people stay out of the browser's folder
}


class Door:
    """An ASGI layer around the console, also around what answers its errors."""

    def __init__(self, app: ASGIApp) -> None:
        self._app: Final = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it; its answer gets the headers."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self._app(scope, receive, send)
            return

        async def dressed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers[name] = value
            await send(message)

        refused = refusal(scope)
        await (refused or self._app)(scope, receive, dressed)


def refusal(scope: Scope) -> PlainTextResponse | None:
    """Return why a request is not let in; None when it is."""
    if not named_ours(scope):
        return PlainTextResponse("the console is called by localhost\n", 403)
    if scope["method"] not in READS:
        return PlainTextResponse("the console only reads\n", 405, {"Allow": "GET, HEAD"})
    if len(scope["raw_path"]) + len(scope["query_string"]) > TARGET_MAX:
        return PlainTextResponse(f"more than {TARGET_MAX} bytes\n", 414)
    return None
