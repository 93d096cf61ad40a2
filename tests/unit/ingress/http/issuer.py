"""An identity provider in memory: its keys, and tokens good and bad."""

import json

from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

from ingress.http.guard.provider import Provider, Terms
from ingress.http.guard.public_keys import PublicKeys
from ingress.http.roles import Role

NOW = 1_800_000_000
ISSUER, AUDIENCE = "https://idp.example", "ledger"
KEY = ECKey.generate_key("P-256", {"kid": "k-1", "use": "sig"})
OTHER = ECKey.generate_key("P-256", {"kid": "k-1"})
# Of a provider that signs with whatever algorithm it likes; RSA is what it tells of that key.
LOOSE = RSAKey.generate_key(2048, {"kid": "r-1"})
RSA = RSAKey.import_key(LOOSE.as_dict(private=True), {"alg": "RS256"})
TERMS = Terms(ISSUER, AUDIENCE, {f"of-{role}": role for role in Role}, step_up=frozenset({"mfa"}))


def jwks(*keys):
    return json.dumps({"keys": [key.as_dict(private=False) for key in keys]}).encode()


def token(claims=(), key=KEY, **header):
    """A good token but for what is given; a claim that is None is not there."""
    good = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": "anna",
        "exp": NOW + 300,
        "ledger_role": "of-operator",
    }
    given = {name: value for name, value in {**good, **dict(claims)}.items() if value is not None}
    headers = {"alg": "ES256", "kid": "k-1", **header}
    return jwt.encode(headers, given, key, [headers["alg"]])


def bearer(claims=(), key=KEY, **header):
    return f"Bearer {token(claims, key, **header)}"


def provider(terms=TERMS, taken=(), keys=None, clock=lambda: NOW):
    return Provider(terms, keys or PublicKeys(lambda: jwks(KEY, RSA)), frozenset(taken), clock)
