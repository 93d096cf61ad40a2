"""Writing: the one handler of all writes.

Owns: the headers of a write, the body's JSON, and what a result is in HTTP.
Never: knows one command from another.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from eyes.trace import HEADER as TRACE
from ingress.http.entrance import Entrance, refused
from ingress.http.keys import OPEN, Caller
from ingress.http.models import BalanceView, CommandState, state_of
from ingress.http.position import ANSWERED, Token
from ingress.http.problems import Problem
from ingress.http.reasons import STATUS, title_of
from ingress.http.roles import SIGNED
from ingress.http.route import command_of
from ingress.sdk.aio import Sent
from ingress.sdk.bodies import BODIES, Kind
from ingress.sdk.errors import CommandRefusedError
from ingress.sdk.jsonl import unique
from schemas.messages.results import Result
from schemas.messages.vocabulary import Outcome, Stage
from schemas.values import ID_LENGTH_MAX, WALLET_ID

KEY: Final = "Idempotency-Key"
PREFER: Final = "Prefer"
WAIT: Final = re.compile(r"wait=(\d{1,6})")
WAIT_MAX_S: Final = 30
REPLAYED: Final = {"Idempotency-Replayed": "true"}


async def write(
    request: Request, entrance: Entrance, caller: Caller, command: str, given: Mapping[str, str]
) -> Response:
    """Answer one write: send its command, and tell what became of it. Raises `Problem`."""
    key, wait_s = read_key(request), read_wait(request)
    body = signed(command, await read_object(request), caller)
    try:
        stamped = command_of(command, key, _typed(command, given), body)
    except CommandRefusedError as error:
        raise refused(error) from error
    sent = await entrance.send(stamped, wait_s, request.headers.get(TRACE, ""))
    applied = {"Preference-Applied": f"wait={wait_s}"} if wait_s else {}
    return answer(sent, applied)


def read_key(request: Request) -> str:
    """Return the idempotency key, which is the command id. Raises `Problem`."""
    key = request.headers.get(KEY)
    if not key:
        raise Problem(
            "IDEMPOTENCY_KEY_MISSING", f"{KEY}: an id of yours, the same at a repeat", header=KEY
        )
    if WALLET_ID.fullmatch(key) is None:
        raise Problem(
            "HEADER_MALFORMED",
            f"{KEY}: 1 to {ID_LENGTH_MAX} ASCII letters, digits and . _ - # :",
            header=KEY,
        )
    return key


def read_wait(request: Request) -> int:
    """Return how long the caller would wait for the Decision, in seconds; 0: not at all."""
    given = [part.strip() for part in request.headers.get(PREFER, "").split(",")]
    asked = next((part for part in given if part.startswith("wait")), None)
    if asked is None:
        return 0
    found = WAIT.fullmatch(asked)
    if found is None:
        raise Problem(
            "HEADER_MALFORMED", f"{PREFER}: wait=<whole seconds>, not {asked!r:.40}", header=PREFER
        )
    return min(int(found[1]), WAIT_MAX_S)


async def read_object(request: Request) -> dict[str, Any]:
    """Return the body, an object; nothing at all is an empty one. Raises `Problem`."""
    raw = await request.body()
    if not raw:
        return {}
    try:
        document = json.loads(raw, object_pairs_hook=unique)
    except CommandRefusedError as error:
        raise refused(error) from error
    except (ValueError, RecursionError) as error:
        raise Problem("BODY_MALFORMED", f"not JSON: {error}") from error
    if not isinstance(document, dict):
        raise Problem("BODY_MALFORMED", f"a JSON object, not {type(document).__name__}")
    return document


def signed(command: str, body: dict[str, Any], caller: Caller) -> dict[str, Any]:
    """Return the body with its signer: who has a key signs with it, and with no other name."""
    fields = [field.name for field in BODIES[command].fields if field.name in SIGNED]
    if caller is OPEN or not fields:
        return body
    name = fields[0]
    if body.get(name, caller.key_id) != caller.key_id:
        raise refused(CommandRefusedError(name, f"is {caller.key_id}, whose key this is"))
    return {**body, name: caller.key_id}


def answer(sent: Sent, headers: dict[str, str]) -> Response:
    """Return what became of a command. Raises `Problem` when it was refused."""
    command, result = sent.command, sent.result
    links = {"Location": f"/v1/wallets/{command.wallet_id}/commands/{command.command_id}"}
    if result is None:
        state = CommandState(
            wallet_id=command.wallet_id,
            command_id=command.command_id,
            state="DELIVERED",
            partition=sent.delivered.partition,
        )
        return JSONResponse(state.model_dump(), 202, {**headers, **links})
    told = {**headers, **links, ANSWERED: str(Token(result.partition, result.sequence))}
    if result.outcome is Outcome.DUPLICATE:
        told |= REPLAYED
    document = shown(result).model_dump()
    if result.reason is not None:
        raise Problem(
            result.reason.value,
            result.detail or title_of(result.reason),
            status=STATUS[result.reason],
            title=title_of(result.reason),
            headers=told,
            command=document,
        )
    return JSONResponse(document, 202 if result.stage is Stage.PENDING else 200, told)


def shown(result: Result) -> CommandState:
    """Return a result as a command's state; that of a repeat is the first one's."""
    return CommandState(
        wallet_id=result.wallet_id,
        command_id=result.command_id,
        state=state_of(result.reason, result.stage),
        reason=None if result.reason is None else result.reason.value,
        detail=result.detail,
        partition=result.partition,
        sequence=result.duplicate_of or result.sequence,
        decided_at=result.decided_at,
        would_be=_would_be(result),
    )


def _would_be(result: Result) -> list[BalanceView] | None:
    if result.dry_run is None:
        return None
    return [
        BalanceView.of(after.account, after.currency, after.minor, after.owner_sequence)
        for after in result.dry_run.balances
        if after.owner == result.wallet_id
    ]


def _typed(command: str, given: Mapping[str, str]) -> dict[str, Any]:
    """Return the fields of the path: all are text there, one is a number in the command."""
    numbers = {field.name for field in BODIES[command].fields if field.kind is Kind.NUMBER}
    return {
        name: int(text) if name in numbers and text.isdecimal() else text
        for name, text in given.items()
    }
