"""`ledgerctl api-totp ID`: one-time codes for a key that is there already.

Owns: options and output, and the making of the secret.
Never: writes the file of keys: who looks after that puts it in, and nobody else can.
"""

from __future__ import annotations

import click
import pyotp

from ops.console import json_option, show_json

ISSUER = "Wallet ledger"


@click.command(name="api-totp")
@click.argument("key_id", metavar="ID")
@json_option
def api_totp(key_id: str, *, as_json: bool) -> None:
    """Make one-time codes for a key: for the authenticator, and a field for its entry."""
    secret, address = enrolled(key_id)
    if as_json:
        show_json({"totp": address, "entry": {"totp_secret": secret}})
        return
    click.echo(f"for the authenticator, shown this once:\n  {address}\n")
    click.echo(f'field for the entry of {key_id} in the file of keys:\n  "totp_secret": "{secret}"')


def enrolled(key_id: str) -> tuple[str, str]:
    """Return a new secret and what an authenticator reads, as text of a QR code."""
    secret = pyotp.random_base32()
    return secret, pyotp.TOTP(secret, name=key_id, issuer=ISSUER).provisioning_uri()
