"""Dangerous: a write that asks for a second factor, and of which a record is kept.

Owns: that there is a record of every such request by somebody known, also of a refused one.
Never: knows one command from another.
"""

from __future__ import annotations

import json

from starlette.requests import Request
from starlette.responses import Response

from ingress.acts.line import Act
from ingress.http.entrance import Entrance
from ingress.http.guard.codes import HEADER
from ingress.http.guard.guard import Guard, read
from ingress.http.keys import OPEN, Caller
from ingress.http.problems import Problem
from ingress.http.roles import COMMANDS
from ingress.http.route import Write
from ingress.http.writing import KEY, write

UNKNOWN = "INTERNAL"
NOBODY = "nobody"  # at a door without keys


async def write_dangerous(
    request: Request, entrance: Entrance, caller: Caller, route: Write
) -> Response:
    """Answer one write. Raises `Problem`."""
    guard: Guard = request.app.state.guard
    authorization = request.headers.get("Authorization")
    outcome = UNKNOWN
    try:
        caller.admit(COMMANDS[route.command], route.resource)
        await guard.step_up(authorization, caller, request.headers.get(HEADER))
        response = await write(request, entrance, caller, route.command, request.path_params)
        outcome = json.loads(bytes(response.body))["state"]
    except Problem as problem:
        outcome = problem.code
        raise
    else:
        return response
    finally:
        guard.audit.record(_act(request, caller, route, outcome))


def _act(request: Request, caller: Caller, route: Write, outcome: str) -> Act:
    by = "nothing" if caller is OPEN else read(request.headers.get("Authorization"))[0].name.lower()
    return Act(
        who=caller.key_id or NOBODY,
        role=caller.role.value,
        what=f"{route.command} by POST {request.url.path}",
        by=by,
        verb=route.command,
        address="" if request.client is None else request.client.host,
        subject=request.path_params.get("wallet_id", ""),
        request_id=request.headers.get(KEY, ""),
        outcome=outcome,
    )
