"""Provider: who calls, by a token (JWT) that an identity provider signed.

Owns: what makes a token good, in which order it is looked at, and the problem of each bad one.
Never: reads a claim of a token whose signature was not verified; takes an algorithm from a token.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from joserfc import jwt
from joserfc.errors import (
    BadSignatureError,
    ClaimError,
    InvalidKeyCurveError,
    InvalidKeyTypeError,
    JoseError,
)
from joserfc.jwk import Key
from joserfc.jws import extract_compact

from ingress.http.clock import Clock, wall_s
from ingress.http.guard.public_keys import ProviderAwayError, PublicKeys
from ingress.http.keys import Caller
from ingress.http.problems import Problem
from ingress.http.roles import Role
from schemas.values import WALLET_ID

# All are asymmetric: who can verify a token cannot make one. `none` is no algorithm.
ALGORITHMS: Final = (
    *("RS256", "RS384", "RS512", "PS256", "PS384", "PS512"),
    *("ES256", "ES384", "ES512", "Ed25519"),
)
TOKEN_MAX: Final = 8_192
SCOPE_PREFIX: Final = "ledger:"
FRESH_S: Final = 300  # a step-up holds so long, with a provider as with a one-time code
CHALLENGE: Final = {"WWW-Authenticate": 'Bearer error="invalid_token"'}
BY_CLAIM: Final = {
    "iss": "TOKEN_ISSUER",
    "aud": "TOKEN_AUDIENCE",
    "exp": "TOKEN_EXPIRED",
    "nbf": "TOKEN_NOT_YET",
    "iat": "TOKEN_NOT_YET",
    "sub": "TOKEN_SUBJECT",
}


@dataclass(frozen=True, slots=True)
class Terms:
    """What a token must be. `role_claim` is the way to the claim, one name for each level."""

    issuer: str
    audience: str
    roles: Mapping[str, Role]
    role_claim: tuple[str, ...] = ("ledger_role",)
    algorithms: tuple[str, ...] = ("RS256", "ES256")
    leeway_s: int = 30
    step_up: frozenset[str] = frozenset()  # values of `acr` that say: by a second factor


class Provider:
    """Tokens of one issuer. `taken` are the ids of API keys, which no subject may have."""

    def __init__(
        self,
        terms: Terms,
        keys: PublicKeys,
        taken: frozenset[str] = frozenset(),
        clock: Clock = wall_s,
    ) -> None:
        self._terms: Final = terms
        self._keys: Final = keys
        self._taken: Final = taken
        self._clock: Final = clock
        self._claims: Final = jwt.JWTClaimsRegistry(
            now=lambda: int(clock()),
            leeway=terms.leeway_s,
            iss={"essential": True, "value": terms.issuer},
            aud={"essential": True, "value": terms.audience},
            exp={"essential": True},
            sub={"essential": True},
        )

    async def caller(self, token: str) -> Caller:
        """Return who a token is about. Raises `Problem`, which says what the token lacks."""
        claims = await self._verified(token)
        try:
            self._claims.validate(claims)
        except ClaimError as error:
            first = error.claim.partition(",")[0]
            raise bad(BY_CLAIM[first], str(error.description)) from error
        subject = claims["sub"]
        if WALLET_ID.fullmatch(subject) is None:
            raise bad("TOKEN_SUBJECT", "sub: ASCII letters, digits and . _ - # : only")
        if subject in self._taken:
            raise bad("TOKEN_SUBJECT", f"sub: {subject} is the id of an API key")
        return Caller(subject, self._role(claims), _scopes(claims), self._fresh_until(claims))

    async def _verified(self, token: str) -> dict[str, Any]:
        """Return the claims of a token that the provider signed."""
        algorithm, key_id = self._header(token)
        try:
            key = await self._keys.get(key_id)
        except ProviderAwayError as error:
            raise Problem("PROVIDER_AWAY", str(error)) from error
        if key is None:
            raise bad("TOKEN_KEY_UNKNOWN", "kid: the identity provider has no such key")
        self._check_key(key, algorithm)
        try:
            return jwt.decode(token, key, [algorithm]).claims
        except BadSignatureError as error:
            raise bad("TOKEN_SIGNATURE", "the signature is not that of the token") from error
        except (InvalidKeyTypeError, InvalidKeyCurveError) as error:
            raise bad("TOKEN_ALGORITHM", "alg: the key is for another one") from error
        except (JoseError, ValueError, TypeError, RecursionError) as error:
            raise bad("TOKEN_MALFORMED", "not a signed token") from error

    def _header(self, token: str) -> tuple[str, str]:
        if len(token) > TOKEN_MAX:
            raise bad("TOKEN_MALFORMED", f"longer than {TOKEN_MAX} characters")
        try:
            header = extract_compact(token.encode()).protected
        except (JoseError, ValueError, TypeError, RecursionError) as error:
            raise bad("TOKEN_MALFORMED", "not a signed token") from error
        algorithm, key_id = header.get("alg"), header.get("kid")
        if not isinstance(algorithm, str) or algorithm not in self._terms.algorithms:
            raise bad("TOKEN_ALGORITHM", f"alg: one of {', '.join(self._terms.algorithms)}")
        if not isinstance(key_id, str):
            raise bad("TOKEN_KEY_UNKNOWN", "kid: the header must name the key")
        return algorithm, key_id

    def _check_key(self, key: Key, algorithm: str) -> None:
        if key.get("alg") not in {None, algorithm}:
            raise bad("TOKEN_ALGORITHM", "alg: the key is for another one")

    def _role(self, claims: Mapping[str, Any]) -> Role:
        """Return the one role of a token: who had two could be its own auditor."""
        value: object = claims
        for name in self._terms.role_claim:
            value = value.get(name) if isinstance(value, Mapping) else None
        named = value if isinstance(value, list) else [value]
        roles = {
            self._terms.roles[x] for x in named if isinstance(x, str) and x in self._terms.roles
        }
        if len(roles) != 1:
            claim = " / ".join(self._terms.role_claim)
            raise Problem("TOKEN_ROLE", f"{claim}: says {len(roles)} roles of this door, not one")
        return roles.pop()

    def _fresh_until(self, claims: Mapping[str, Any]) -> float:
        """Return until when a second factor holds; 0.0 when there was none."""
        at, how = claims.get("auth_time"), claims.get("acr")
        if not isinstance(how, str) or how not in self._terms.step_up or not isinstance(at, int):
            return 0.0
        # A provider whose clock is ahead does not make it hold for longer.
        return min(float(at), self._clock()) + FRESH_S


def bad(code: str, detail: str) -> Problem:
    """Return the problem of a token."""
    return Problem(code, detail, headers=CHALLENGE)


def _scopes(claims: Mapping[str, Any]) -> frozenset[str]:
    """Return the resources that a token is for, of `scope`: `ledger:transfers ledger:reads`."""
    given = claims.get("scope", "")
    words = given.split() if isinstance(given, str) else given
    if not isinstance(words, list) or not all(isinstance(each, str) for each in words):
        raise bad("TOKEN_MALFORMED", "scope: words with spaces between them")
    return frozenset(
        each.removeprefix(SCOPE_PREFIX) for each in words if each.startswith(SCOPE_PREFIX)
    )
