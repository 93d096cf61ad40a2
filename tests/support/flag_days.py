"""Flags of a random day: told by the risk job, late, twice, malformed or by somebody else.

Owns: their operations.
Never: a rule, and counts nothing.
"""

from ledger.flags import FLAGGER, subject_of
from schemas.messages.control import RiskFlag
from schemas.messages.rows import LiveFlag
from schemas.messages.vocabulary import FlagKind
from tests.support.builders import DAY, HOUR, SECOND

FLAG_KINDS = {"flag": 3}
NAMES = ("phone", "phone", "phone", "tablet", *[f"d{number}" for number in range(9)])
KINDS = (FlagKind.DEVICE_PARTIES, FlagKind.DEVICE_PARTIES, FlagKind.INSTRUMENT_PARTIES)
WRONG = 0.15
WRONGS = (
    {"kind": FlagKind.NONE},
    {"subject": "phone"},
    {"value": -1},
    {"value": 1_000_001},
    {"window_s": 0},
    {"window_s": 36 * 86_400},
    {"lasts": 0},
    {"lasts": 35 * DAY + 1},
)


def flag(value=3, *, kind=FlagKind.DEVICE_PARTIES, name="phone", as_of=0, lasts=30 * DAY, **more):
    """What the risk job says of a device or card."""
    subject = more.get("subject", subject_of(kind, name))
    window_s = more.get("window_s", 30 * 86_400)
    return LiveFlag(kind, subject, value, window_s, as_of, as_of + lasts)


def flag_drawn(random, wallet_id, at):
    """A flag, mostly of something the wallet uses, from now or a while ago."""
    name = random.choice(NAMES) if random.random() < 0.8 else f"x{random.randrange(40)}"
    given = {
        "kind": random.choice(KINDS),
        "name": name,
        "value": random.choice((0, 2, 3, 3, 5, 6, 32)),
        "as_of": at - random.choice((0, 0, SECOND, HOUR, DAY)),
        "lasts": random.choice((DAY, 2 * DAY, 30 * DAY)),
    }
    if random.random() < WRONG:
        given.update(random.choice(WRONGS))
    return RiskFlag(wallet_id, flag(**given))


class FlagDays:
    """What the risk job does in a world of rigs."""

    def _flag(self):
        wallet_id = self.random.choice((self._wallet(), self._wallet(), "nobody", "!"))
        rig = self.home(wallet_id) if self.random.random() < 0.95 else self.rigs[0]
        issuer = self.random.choice((FLAGGER, FLAGGER, FLAGGER, "ops"))
        self._fire_due()
        rig.control(flag_drawn(self.random, wallet_id, rig.at), f"flag{rig.at}", issuer=issuer)
