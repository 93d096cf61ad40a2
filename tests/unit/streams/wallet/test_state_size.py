"""What a wallet costs the store: bytes of keys and rows as RocksDB gets them, before it packs them.

A wallet's rows are those of every table whose key begins with its id; who repeats which command is
counted by itself, for such rows leave again after 35 days.
"""

from statistics import median, quantiles

from ingress.sdk import Transfer
from schemas.messages.vocabulary import RejectionReason
from streams.wallet.genesis import genesis_policy
from streams.wallet.tables import IDENTITIES, TABLES
from tests.support.aloud import say_aloud
from tests.support.builders import SECOND, policy, ruleset
from tests.support.demo_day import demo_day
from tests.support.writers import Writer

SEED, COMMANDS = 11, 20_000
NOT_BY_WALLET = {
    *("head", "policy", "ruleset", "rates", "candidate", "controls", "accounts"),
    *("external_refs", "inbox", "pairs_in", "pairs_out", "open_credits", "timers", "identities"),
}
BY_WALLET = {each.prefix for each in TABLES if each.name not in NOT_BY_WALLET}
# As long as ids usually are: the key of every remembered movement begins with it.
PAYER, PAYEE = "5f1c6d2e-0000-4000-8000-00000000000a", "5f1c6d2e-0000-4000-8000-00000000000b"
MEDIAN_MAX, P999_MAX, IDENTITY_MAX = 2_000, 64_000, 120


def by_wallet(rows):
    """Bytes of each wallet's rows."""
    sizes = {}
    for key, row in rows.items():
        if key[:1] in BY_WALLET:
            wallet_id = key[1:].split(b"\0")[0]
            sizes[wallet_id] = sizes.get(wallet_id, 0) + len(key) + len(row)
    return sizes


def test_a_wallet_of_the_mixed_day_is_small(request):
    wallets, identities = [], []
    for writer in demo_day(SEED, COMMANDS):
        wallets += by_wallet(writer.rows).values()
        identities += [
            len(key) + len(row)
            for key, row in writer.rows.items()
            if key.startswith(IDENTITIES.prefix)
        ]
    p999 = quantiles(wallets, n=1000, method="inclusive")[-1]
    say_aloud(
        request,
        f"{len(wallets)} wallets: median {median(wallets):.0f} bytes, p99.9 {p999:.0f}, "
        f"most {max(wallets)}; "
        f"an identity: median {median(identities):.0f}, most {max(identities)}",
    )
    assert median(wallets) <= MEDIAN_MAX
    assert p999 <= P999_MAX
    assert max(identities) <= IDENTITY_MAX


def test_a_wallet_with_full_windows_is_bounded(request):
    """As many movements in a day as the policy remembers, and not one more."""
    bound = genesis_policy().max_outflow_entries
    writer = Writer(partitions=1, policy_=policy(max_outflow_entries=bound), ruleset_=ruleset())
    writer.open(PAYER, funds=10 * bound)
    writer.open(PAYEE)
    for number in range(bound):
        writer.at += SECOND
        assert writer.command(PAYER, Transfer(PAYEE, "EUR", 5), f"n{number}").reason is None
    too_many = writer.command(PAYER, Transfer(PAYEE, "EUR", 5), "one-more")
    assert too_many.reason is RejectionReason.BOUND_EXCEEDED
    writer.commit()
    size = by_wallet(writer.rows)[PAYER.encode()]
    say_aloud(request, f"a wallet with {bound} movements in 24 hours: {size} bytes")
    assert size <= P999_MAX
