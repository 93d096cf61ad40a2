"""App: the routes, their guards and their problems, as one ASGI application.

Owns: what is put together, and the OpenAPI document of it.
Never: opens a connection; what it works with is given.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, Final, final

from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp
from typing_extensions import override

from ingress.http.asking import caller_of
from ingress.http.bounds import Bounds
from ingress.http.dangerous import write_dangerous
from ingress.http.entrance import Entrance
from ingress.http.guard.codes import HEADER
from ingress.http.guard.guard import Guard
from ingress.http.guard.layer import Paced
from ingress.http.models import CommandState, ProblemView
from ingress.http.problems import DOOR, MEDIA_TYPE, Problem
from ingress.http.reading import Books
from ingress.http.reasons import STATUS
from ingress.http.roles import COMMANDS, DANGEROUS
from ingress.http.route import Write
from ingress.http.routes import WRITES, commands, holds, sessions, statements, transactions, wallets
from ingress.http.shape import COMPONENTS, ID, SCHEMES, body_schema, reference
from ingress.http.writing import KEY, PREFER, write

LOG = logging.getLogger(__name__)
TITLE: Final = "Wallet ledger"
VERSION: Final = "1"
BY_STATUS: Final = {404: "NOT_FOUND", 405: "METHOD_NOT_ALLOWED"}
Handler = Callable[[Request], Awaitable[Response]]


@final
class Door(FastAPI):
    """The application; its document has also the schemas that writes refer to."""

    @override
    def build_middleware_stack(self) -> ASGIApp:
        """Return the layers; the bounds are around all, so that also an error of ours has them."""
        return Bounds(super().build_middleware_stack())

    @override
    def openapi(self) -> dict[str, Any]:
        """Return the OpenAPI document, made when first asked for."""
        document = super().openapi()
        schemas = document["components"]["schemas"]
        schemas.update(COMPONENTS)
        schemas["ProblemView"] = ProblemView.model_json_schema()
        statuses = {code: status for code, (status, _) in DOOR.items()}
        statuses |= {reason.value: status for reason, status in STATUS.items()}
        code = schemas["ProblemView"]["properties"]["code"]
        code["enum"] = sorted(statuses)
        code["x-status"] = {each: statuses[each] for each in code["enum"]}
        document["components"]["securitySchemes"] = SCHEMES
        # Nothing at all is enough for a door without keys, which is on loopback.
        document["security"] = [{}, *({name: []} for name in SCHEMES)]
        return document


def create_app(entrance: Entrance, books: Books, guard: Guard, ready: Callable[[], str]) -> FastAPI:
    """Return the application; `ready` says what is missing, or nothing."""
    app = Door(
        title=TITLE,
        version=VERSION,
        docs_url=None,
        redoc_url=None,
        responses={"default": _PROBLEM},
        lifespan=_life,
    )
    app.state.entrance, app.state.books, app.state.guard = entrance, books, guard
    app.state.ready = ready
    # Not by `include_router`, which looks every request up twice.
    router = app.router
    for each in WRITES:
        _add_write(router, each)
    for resource in (wallets, holds, transactions, statements, commands):
        resource.add_reads(router)
    sessions.add_sessions(router)
    _add_health(app)
    _add_problems(app)
    app.add_middleware(Paced)
    return app


@asynccontextmanager
async def _life(app: FastAPI) -> AsyncIterator[None]:
    """Serve; what the guard opened on the event loop is closed on it."""
    yield
    guard: Guard = app.state.guard
    await guard.close()


def _add_write(router: APIRouter, route: Write) -> None:
    allowed = COMMANDS[route.command]  # a command that is nobody's has no address
    is_dangerous = route.command in DANGEROUS

    async def handle(request: Request) -> Response:
        caller = await caller_of(request)
        entrance: Entrance = request.app.state.entrance
        if is_dangerous:
            return await write_dangerous(request, entrance, caller, route)
        caller.admit(allowed, route.resource)
        return await write(request, entrance, caller, route.command, request.path_params)

    router.add_api_route(
        f"/v1{route.path}",
        handle,
        methods=["POST"],
        operation_id=route.operation,
        summary=route.summary,
        tags=[route.resource],
        response_model=None,
        responses=_RESPONSES,
        openapi_extra=_described(route),
    )


_PROBLEM: Final[dict[str, Any]] = {
    "description": "Refused: RFC 9457",
    "content": {MEDIA_TYPE: {"schema": reference("ProblemView")}},
}
_RESPONSES: Final[dict[int | str, dict[str, Any]]] = {
    200: {"description": "Decided, as `Prefer: wait` asked", "model": CommandState},
    202: {"description": "In the log, not yet or not wholly decided", "model": CommandState},
}


def _described(route: Write) -> dict[str, Any]:
    """Return what the OpenAPI document says of a write besides its answers."""
    path = [{"name": word, "in": "path", "required": True, "schema": ID} for word in route.given]
    headers = [
        {
            "name": KEY,
            "in": "header",
            "required": True,
            "schema": ID,
            "description": "The command's id; a repeat with it has no second effect",
        },
        {
            "name": PREFER,
            "in": "header",
            "required": False,
            "schema": {"type": "string", "pattern": "^wait=[0-9]{1,6}$"},
            "description": "wait=N: answer when it is decided, after N seconds at most",
        },
    ]
    if route.command in DANGEROUS:
        headers.append(
            {
                "name": HEADER,
                "in": "header",
                "required": False,
                "schema": {"type": "string", "pattern": "^[0-9]{6}$"},
                "description": "A one-time code; not needed in a session that had one lately",
            }
        )
    schema = body_schema(route.command, route.given)
    content = {"application/json": {"schema": schema}}
    body = {"required": bool(schema["required"]), "content": content}
    return {"parameters": [*path, *headers], "requestBody": body}


def _add_health(app: FastAPI) -> None:
    @app.get("/healthz", include_in_schema=False)
    async def healthz() -> dict[str, str]:
        return {"status": "up"}

    @app.get("/readyz", include_in_schema=False)
    async def readyz(request: Request, response: Response) -> dict[str, str]:
        missing = request.app.state.ready()
        if missing:
            response.status_code = 503
        return {"status": missing or "ready"}


def _add_problems(app: FastAPI) -> None:
    async def problem(request: Request, error: Exception) -> Response:
        assert isinstance(error, Problem), "registered for problems"
        return _told(request, error)

    async def not_valid(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError), "registered for these"
        first = error.errors()[0]
        name = str(first["loc"][-1])
        return _told(request, Problem("PARAMETER_REFUSED", f"{name}: {first['msg']}", field=name))

    async def not_there(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException), "registered for these"
        code = BY_STATUS.get(error.status_code, "BODY_MALFORMED")
        where = f"{request.method} {request.url.path}"
        return _told(request, Problem(code, where, headers=dict(error.headers or {})))

    async def ours(request: Request, error: Exception) -> Response:
        LOG.error("%s %s", request.method, request.url.path, exc_info=error)
        return _told(request, Problem("INTERNAL", "the log of this door says more"))

    app.add_exception_handler(Problem, problem)
    app.add_exception_handler(RequestValidationError, not_valid)
    app.add_exception_handler(HTTPException, not_there)
    app.add_exception_handler(Exception, ours)


def _told(request: Request, problem: Problem) -> Response:
    guard: Guard = request.app.state.guard
    guard.eyes.refused(problem.code)
    return problem.response()
