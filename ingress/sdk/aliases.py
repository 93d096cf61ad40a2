"""Aliases: what a phone number, an e-mail address or a user name is to the ledger.

Owns: the one way in which an alias is written, and its keyed hash; the hash is all that anybody
else ever sees of it.
Never: knows who is behind an alias (`directory.py`).

    +31 6 1234-5678    phone      E.164: plus, country, number; blanks and - . ( ) are left out
    Ann@Example.org    e-mail     lower case
    @Ann.Smith, ann    user name  lower case, without @; 3 to 30 letters, digits, . and _

Two people who write an alias differently mean the same: the hash is of what is left.
"""

from __future__ import annotations

import hmac
import re
from hashlib import sha256
from typing import Final

from ingress.sdk.errors import CommandRefusedError

SECRET_MIN: Final = 32  # characters; a secret that can be guessed hides no phone number
EMAIL_MAX: Final = 254
_LEFT_OUT: Final = re.compile(r"[ \-.()]")
_PHONE: Final = re.compile(r"\+[1-9][0-9]{6,14}")
_LOCAL: Final = r"[a-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}"
_EMAIL: Final = re.compile(_LOCAL + r"@([a-z0-9-]{1,63}\.)+[a-z0-9-]{2,63}")
_USER: Final = re.compile(r"[a-z][a-z0-9._]{2,29}")
_PHONE_RULE: Final = "is not a phone number: +, country, number, 7 to 15 digits, and no (0)"
_EMAIL_RULE: Final = "is not an e-mail address in ASCII"
_USER_RULE: Final = (
    "is not a user name: 3 to 30 ASCII letters, digits, . and _, a letter first; phones begin "
    "with +"
)


def normalised(alias: str) -> str:
    """Return the kind of an alias and the alias as everybody writes it: `phone:+31612345678`.

    Raises `CommandRefusedError` naming the field `alias`.
    """
    text = alias.strip()
    if text.startswith("+"):
        # The zero of "(0)" is not dialled from abroad: left in, it makes another number.
        number = "" if "(0)" in text else _LEFT_OUT.sub("", text)
        return f"phone:{_matched(_PHONE, number, _PHONE_RULE)}"
    lower = text.lower() if text.isascii() else ""
    if "@" in text[1:]:
        address = lower if len(lower) <= EMAIL_MAX else ""
        return f"email:{_matched(_EMAIL, address, _EMAIL_RULE)}"
    return f"user:{_matched(_USER, lower.removeprefix('@'), _USER_RULE)}"


def alias_hash(secret: str, alias: str) -> str:
    """Return the keyed hash of an alias, 64 hex digits. Raises as `normalised` and `check_secret`.

    Phone numbers are few enough to try all of them: without the secret the hash tells nothing.
    """
    check_secret(secret)
    return hmac.new(secret.encode(), normalised(alias).encode(), sha256).hexdigest()


def check_secret(secret: str) -> None:
    """Refuse a secret that is none."""
    if len(secret) < SECRET_MIN:
        why = f"has {len(secret)} characters, at least {SECRET_MIN} are needed"
        raise CommandRefusedError("secret", why)


def _matched(pattern: re.Pattern[str], text: str, rule: str) -> str:
    if pattern.fullmatch(text) is None:
        # What was given may be somebody's number: the message does not repeat it.
        raise CommandRefusedError("alias", rule)
    return text
