"""Where commands of random days come from.

Owns: one origin by number: nothing is drawn, so what is drawn after it stays as it was.
Never: knows who pays.
"""

from schemas.messages.commands import Origin
from schemas.messages.vocabulary import Authentication

WRONG = ("not\na token", "not\na device", "nl", "541")


def origin_of(number):
    """Every third says nothing; now and then a part cannot be one."""
    if number % 31 == 0:
        return Origin(*WRONG[: number // 31 % 4 + 1])
    if number % 3 == 0:
        return None
    return Origin(
        f"card{number % 4}" if number % 5 else "",
        ("", "phone", "tablet", "watch")[number % 4],
        ("", "NL", "KP")[number % 7 % 3],
        ("", "5411", "7995")[number % 11 % 3],
        tuple(Authentication)[number % 8 % 3],
    )
