"""Problems: every refusal of this door, as RFC 9457 has it.

Owns: the document, and the door's own problems; those of the ledger are in `reasons.py`.
Never: tells what is inside: an error of ours says that it is ours, and the log says the rest.
"""

from __future__ import annotations

from typing import Any, Final

from starlette.responses import JSONResponse

MEDIA_TYPE: Final = "application/problem+json"
URN: Final = "urn:ledger:problem:"
RETRY_S: Final = 1
# Code: status and title. The codes are for programs, and for ever.
DOOR: Final[dict[str, tuple[int, str]]] = {
    "IDEMPOTENCY_KEY_MISSING": (400, "A write needs the header Idempotency-Key"),
    "HEADER_MALFORMED": (400, "A header is not what it must be"),
    "BODY_MALFORMED": (400, "The body is not a JSON object"),
    "UNAUTHENTICATED": (401, "No valid API key"),
    "TOKEN_MALFORMED": (401, "The token is none"),
    "TOKEN_ALGORITHM": (401, "The token is signed in a way that is not taken"),
    "TOKEN_KEY_UNKNOWN": (401, "The token is signed with a key nobody knows"),
    "TOKEN_SIGNATURE": (401, "The token is not as it was signed"),
    "TOKEN_ISSUER": (401, "The token is somebody else's"),
    "TOKEN_AUDIENCE": (401, "The token is for somebody else"),
    "TOKEN_EXPIRED": (401, "The token is over"),
    "TOKEN_NOT_YET": (401, "The token is not valid yet"),
    "TOKEN_SUBJECT": (401, "The token is about nobody who could sign here"),
    "TOKEN_ROLE": (403, "The token gives no role at this door"),
    "OPERATOR_STEP_UP_REQUIRED": (401, "This needs a one-time code"),
    "ONE_TIME_CODE_REFUSED": (401, "The one-time code is not taken"),
    "SESSION_OVER": (401, "The session is over"),
    "FORBIDDEN": (403, "The role of this key does not allow this"),
    "NOT_FOUND": (404, "There is nothing at this address"),
    "METHOD_NOT_ALLOWED": (405, "This address does not take this method"),
    "IN_FLIGHT": (409, "A request with this key is being answered just now"),
    "BODY_TOO_LARGE": (413, "The body is too large"),
    "TARGET_TOO_LONG": (414, "The address is too long"),
    "FIELD_REFUSED": (422, "A field of the command is not what it must be"),
    "PARAMETER_REFUSED": (422, "A parameter is not what it must be"),
    "RATE_LIMITED": (429, "Too many requests; come again"),
    "HEADERS_TOO_LARGE": (431, "The headers are too large"),
    "INTERNAL": (500, "This door failed; the command may be repeated with its key"),
    "BUSY": (503, "Too much waits already; come again"),
    "NOT_DELIVERED": (503, "The log did not acknowledge the command; repeat it with its key"),
    "PROVIDER_AWAY": (503, "The keys of the identity provider cannot be read"),
    "STORE_AWAY": (503, "The store that could answer is away"),
    "BEHIND": (503, "The store has not come to the position asked for"),
}


class Problem(Exception):
    """A refusal on its way out; `more` are further members of the document."""

    def __init__(
        self,
        code: str,
        detail: str,
        *,
        status: int | None = None,
        title: str = "",
        headers: dict[str, str] | None = None,
        **more: object,
    ) -> None:
        super().__init__(detail)
        of_door, called = DOOR.get(code, (500, code))
        self.code: Final = code
        self.status: Final = of_door if status is None else status
        self.document: Final[dict[str, Any]] = {
            "type": URN + code,
            "title": title or called,
            "status": self.status,
            "detail": detail,
            "code": code,
            **more,
        }
        self.headers: Final = dict(headers or {})
        if self.status == DOOR["BUSY"][0]:
            self.headers.setdefault("Retry-After", str(RETRY_S))

    def response(self) -> JSONResponse:
        """Return the answer."""
        return JSONResponse(self.document, self.status, self.headers, MEDIA_TYPE)
