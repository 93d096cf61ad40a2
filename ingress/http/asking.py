"""Asking: the parameters that reads share, and who may ask.

Owns: the dependencies of FastAPI.
Never: asks a store.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Final

from fastapi import Depends, Path, Query, Request, Response
from fastapi.params import Depends as Dependency

from ingress.http.guard.guard import Guard
from ingress.http.keys import Caller
from ingress.http.reading import Reading
from ingress.http.roles import READS
from ingress.http.shape import ID_PATTERN
from schemas.values import ID_LENGTH_MAX
from schemas.wire import LONG_MAX

PAGE_MAX: Final = 500
SCOPE: Final = "reads"


async def caller_of(request: Request) -> Caller:
    """Return who calls. Raises `Problem`."""
    guard: Guard = request.app.state.guard
    return await guard.caller(request.headers.get("Authorization"))


def admitted(operation: str) -> Sequence[Dependency]:
    """Return the dependency that lets in who may do a read."""
    allowed = READS[operation]

    async def admit(request: Request) -> None:
        (await caller_of(request)).admit(allowed, SCOPE)

    return [Dependency(admit)]


def reading_of(request: Request, response: Response) -> Reading:
    """Return the read that a request makes."""
    return Reading(request.app.state.books, request, response)


WALLET = Annotated[str, Path(max_length=ID_LENGTH_MAX, pattern=ID_PATTERN)]
READING = Annotated[Reading, Depends(reading_of)]
LIMIT = Annotated[int, Query(ge=1, le=PAGE_MAX)]
BEFORE = Annotated[int, Query(ge=1, le=LONG_MAX, description="Sequence; items below it")]
