"""Commands: what became of one.

Owns: these reads.
Never: asks more than one question a request.
"""

from collections.abc import Sequence

from fastapi import APIRouter
from starlette.responses import Response

from ingress.http.asking import READING, WALLET, admitted
from ingress.http.models import CommandState, state_of
from ingress.http.position import ANSWERED, Token
from ingress.http.problems import Problem
from sinks.postgres.reads import Answer


def add_reads(router: APIRouter) -> None:
    """Add the state of a command."""

    @router.get(
        "/v1/wallets/{wallet_id}/commands/{command_id}",
        operation_id="read-command",
        dependencies=admitted("read-command"),
    )
    async def command(
        wallet_id: WALLET, command_id: WALLET, reading: READING, response: Response
    ) -> CommandState:
        """What became of a command; 404 until the journal has its Decision."""
        answers = await reading.journal(lambda reads: reads.outcomes(command_id, wallet_id))
        if not answers:
            raise Problem("NOT_FOUND", f"command {command_id} of {wallet_id} is not decided yet")
        last = latest(answers)
        response.headers[ANSWERED] = str(Token(last.partition, last.sequence))
        return CommandState(
            wallet_id=wallet_id,
            command_id=command_id,
            state=state_of(last.reason, last.stage),
            reason=last.reason or None,
            detail=last.detail,
            partition=last.partition,
            sequence=last.sequence,
            decided_at=last.decided_at,
        )


def latest(answers: Sequence[Answer]) -> Answer:
    """Return the answer that stands: the last of the first content, repeats left out."""
    own = [each for each in answers if each.outcome != "DUPLICATE"]
    first = own or list(answers)
    kept = [each for each in first if each.reason != "IDEMPOTENCY_MISMATCH"]
    return (kept or first)[-1]
