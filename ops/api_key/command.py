"""`ledgerctl api-key ID --role ROLE`.

Owns: options and output.
Never: keeps the secret: it is printed once.
"""

from __future__ import annotations

import json

import click

from ingress.http.keys import KeysError, check_entry, new_key
from ingress.http.roles import Role
from ingress.http.routes import WRITES
from ops.api_key.totp import enrolled
from ops.console import json_option, show_json

SCOPES = sorted({"reads", *(route.resource for route in WRITES)})


@click.command(name="api-key")
@click.argument("key_id", metavar="ID")
@click.option("--role", type=click.Choice([role.value for role in Role]), required=True)
@click.option(
    "--scope", "scopes", multiple=True, type=click.Choice(SCOPES), help="Only this resource."
)
@click.option("--totp", is_flag=True, help="With one-time codes, as dangerous verbs need them.")
@json_option
def api_key(key_id: str, role: str, scopes: tuple[str, ...], *, totp: bool, as_json: bool) -> None:
    """Make a key of the HTTP entrance: a token to hand out, and its entry for LEDGER_API_KEYS."""
    token, entry = new_key(key_id, Role(role), scopes)
    address = ""
    if totp:
        entry["totp_secret"], address = enrolled(key_id)
    try:
        check_entry("key", entry)
    except KeysError as error:
        raise click.UsageError(str(error)) from error
    if as_json:
        show_json({"token": token, "entry": entry, **({"totp": address} if totp else {})})
        return
    click.echo(f"token, shown this once:\n  Authorization: Bearer {token}\n")
    if totp:
        click.echo(f"for the authenticator, shown this once:\n  {address}\n")
    click.echo(f'entry for the file of keys, in its list "keys":\n  {json.dumps(entry)}')
