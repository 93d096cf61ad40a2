"""A mixed day for two ledgers: every kind of command, in rounds whose order cannot matter.

Theory: commands about different wallets may be decided in any order, and what one wallet is told
must not depend on which of two partitions was quicker. So the day is cut into rounds: in one of
them no wallet is named twice, and the next one begins when all money of the last has arrived.

Owns: the day, its rounds, and the rules of risk without the one that measures seconds.
Never: sends anything.
"""

from ops.bench.profiles import loads_of
from schemas.codec import decode
from schemas.messages.commands import WalletCommand
from schemas.messages.control import ActivateRuleset, SetRates
from schemas.messages.policy import Band, FxRate, Rule, Ruleset
from streams.wallet.genesis import genesis_ruleset
from tests.support.mixed_lives import DAY_US, PARTITIONS, STORIES, Story, merchants_end

TURNS = 5  # commands of each wallet of the town


def acts(seed, commands, now_us, told=4):
    """Two lists of commands: the second is told when the sales of the first have matured.

    Every story is told a few times, each time with other people; what is left is a town's day.
    """
    stories = [Story(f"{seed}{n}-{tell.__name__}", now_us) for n in range(told) for tell in STORIES]
    for number, story in enumerate(stories):
        STORIES[number % len(STORIES)](story)
    first = [command for story in stories for command in story.said]
    second = []
    for story in stories[len(STORIES) - 1 :: len(STORIES)]:
        before = len(story.said)
        merchants_end(story)
        second += story.said[before:]
    left = commands - len(first) - len(second)
    town = loads_of("mixed", seed, left, left // TURNS, PARTITIONS)
    return first + [decode(WalletCommand, each.value) for each in town], second


def rounds(commands):
    """Lists of commands, in order, in none of which a wallet is touched twice."""
    touch = {each.wallet_id: {each.wallet_id} for each in commands}
    last, found = {}, []
    for command in commands:
        touched = {command.wallet_id, *_touched(command.body, touch)}
        # Whoever names the command later touches whom it touched: the payee of a hold, say.
        touch.setdefault(command.command_id, set()).update(touched)
        place = 1 + max(last.get(each, -1) for each in touched)
        last.update(dict.fromkeys(touched, place))
        if place == len(found):
            found.append([])
        found[place].append(command)
    return found


def _touched(value, touch):
    """The wallets of a body: named, as the payer of a payment, or by an earlier command's id."""
    if isinstance(value, str):
        return set().union(*(touch.get(part, ()) for part in value.split("/")))
    parts = value if isinstance(value, tuple) else _fields(value)
    return {wallet_id for part in parts for wallet_id in _touched(part, touch)}


def _fields(value):
    return [getattr(value, name) for name in getattr(type(value), "__match_args__", ())]


def orders_of_the_day(now_us):
    """What both ledgers are told beforehand: rates, and rules that ask for no seconds."""
    until = now_us + DAY_US
    rates = SetRates("mixed-day", (FxRate("EUR", 10**9), FxRate("USD", 920_000_000)), until)
    return rates, ActivateRuleset(_calm())


# Windows of minutes: how many commands of a wallet fall into one is a matter of a ledger's speed.
HASTY = frozenset(
    {
        "out_attempts_10m",
        "out_attempts_1h",
        "rapid_in_out",
        "unpaid_attempts_10m",
        "top_up_after_trial_1h",
    }
)
# Seconds since the last payment: five of them, or three hundred, are passed by a slow ledger only.
SINCE = frozenset({"seconds_since_previous_out", "seconds_since_previous_out_to_new_payee"})


def _calm():
    """The committed rules, without those that would tell a quick ledger from a slow one."""
    found = genesis_ruleset()
    rules = tuple(
        Rule(each.rule_id, each.feature, tuple(map(_of_a_day, each.bands)), each.missing_weight)
        if each.feature in SINCE
        else each
        for each in found.rules
        if each.feature not in HASTY
    )
    rest = {name: getattr(found, name) for name in Ruleset.__match_args__}
    return Ruleset(**{**rest, "version": "mixed-day", "rules": rules})


def _of_a_day(band):
    return Band(0, 86_400, band.weight, band.action)
