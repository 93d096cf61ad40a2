"""An alias is the same however it is written, and nobody can read it back from its hash."""

import hmac
from hashlib import sha256

import pytest

from ingress.sdk import CommandRefusedError, alias_hash, normalised

SECRET = "s" * 32


@pytest.mark.parametrize(
    ("given", "alias"),
    [
        ("+31612345678", "phone:+31612345678"),
        (" +31 6 1234-56.78 ", "phone:+31612345678"),
        ("+1 (212) 555-0100", "phone:+12125550100"),
        ("+1234567", "phone:+1234567"),
        ("+123456789012345", "phone:+123456789012345"),
        ("Ann@Example.ORG", "email:ann@example.org"),
        ("a.b+c@sub.example.co.uk", "email:a.b+c@sub.example.co.uk"),
        ("ann", "user:ann"),
        ("@Ann.Smith_2", "user:ann.smith_2"),
        ("a" * 30, "user:" + "a" * 30),
    ],
)
def test_what_means_the_same_is_the_same(given, alias):
    assert normalised(given) == alias


@pytest.mark.parametrize(
    ("given", "rule"),
    [
        ("+", "phone"),
        ("+123456", "phone"),
        ("+1234567890123456", "phone"),
        ("+0612345678", "phone"),
        ("+31 (0)6 12345678", "phone"),
        ("+3161234567x", "phone"),
        ("+\u0663\u0661612345678", "phone"),
        ("ann@", "e-mail"),
        ("ann@example", "e-mail"),
        ("an n@example.org", "e-mail"),
        ("ann@bob@example.org", "e-mail"),
        ("änn@example.org", "e-mail"),
        ("a" * 65 + "@example.org", "e-mail"),
        ("a@" + "b" * 63 + ".example." * 30 + "org", "e-mail"),
        ("", "user name"),
        ("@", "user name"),
        ("an", "user name"),
        ("a" * 31, "user name"),
        ("0612345678", "phones begin with"),
        ("ann smith", "user name"),
        ("änn", "user name"),
    ],
)
def test_what_is_no_alias_is_refused_without_being_repeated(given, rule):
    with pytest.raises(CommandRefusedError, match=rule) as refused:
        normalised(given)
    assert refused.value.field == "alias"
    if len(given) > 4:
        assert given not in str(refused.value)


@pytest.mark.parametrize(("letters", "fits"), [(61, True), (62, False)])
def test_an_address_has_at_most_254_characters(letters, fits):
    domain = ".".join([*["d" * 63] * 2, "d" * letters])
    address = "a" * 64 + "@" + domain
    assert (len(address) <= 254) is fits
    if fits:
        assert normalised(address) == f"email:{address}"
        return
    with pytest.raises(CommandRefusedError):
        normalised(address)


def test_the_hash_is_that_of_the_normalised_alias_under_the_secret():
    wanted = hmac.new(SECRET.encode(), b"email:ann@example.org", sha256).hexdigest()
    assert alias_hash(SECRET, "ANN@example.org") == wanted
    assert len(wanted) == 64


def test_another_secret_is_another_hash():
    assert alias_hash(SECRET, "ann") != alias_hash("t" * 32, "ann")


def test_kinds_never_share_a_hash():
    assert (
        len({alias_hash(SECRET, each) for each in ("ann", "ann@example.org", "+31612345678")}) == 3
    )


def test_a_short_secret_is_refused():
    with pytest.raises(CommandRefusedError, match="secret: has 31 characters, at least 32"):
        alias_hash("s" * 31, "ann")
