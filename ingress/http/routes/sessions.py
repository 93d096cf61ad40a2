"""Sessions: an operator signs in with key and code, and out.

Owns: these addresses.
Never: a cookie: what a browser sends by itself is no consent.
"""

from typing import Annotated, Final

from fastapi import APIRouter, Header, Request
from starlette.responses import Response

from ingress.http.asking import caller_of
from ingress.http.guard.codes import HEADER
from ingress.http.guard.guard import Guard
from ingress.http.guard.sessions import IDLE_S
from ingress.http.models import SessionView
from ingress.http.roles import DESK

MICROS: Final = 1_000_000
CODE = Annotated[str | None, Header(alias=HEADER, description="What the authenticator shows")]


def add_sessions(router: APIRouter) -> None:
    """Add both."""

    @router.post("/v1/sessions", operation_id="open-session")
    async def open_session(request: Request, code: CODE = None) -> SessionView:
        """A token for a key and a code; it ends when idle, and after some hours in any case."""
        guard: Guard = request.app.state.guard
        caller = await caller_of(request)
        # A session is for what its key is for: the scopes go with it.
        caller.admit(DESK["open-session"], None)
        token, session = await guard.open_session(
            request.headers.get("Authorization"), caller, code
        )
        return SessionView(session=token, idle_s=IDLE_S, ends_at=int(session.ends_at * MICROS))

    @router.delete("/v1/sessions", operation_id="end-session", status_code=204)
    async def end_session(request: Request) -> Response:
        """End the session that the request was sent with."""
        guard: Guard = request.app.state.guard
        (await caller_of(request)).admit(DESK["end-session"], None)
        await guard.end_session(request.headers.get("Authorization"))
        return Response(status_code=204)
