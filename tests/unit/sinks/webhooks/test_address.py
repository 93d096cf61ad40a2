"""Where a webhook may go: nobody makes the ledger call what is inside."""

from ipaddress import ip_address

import pytest

from sinks.webhooks.address import Place, judge, notice_place, webhook_place
from sinks.webhooks.subscription import Refused

HTTPS = Place("https", "h", 443)
PUBLIC = ["93.184.216.34", "2606:2800:220:1::1"]
PRIVATE = ["10.0.0.1", "172.16.0.1", "192.168.1.1", "127.0.0.1", "::1", "fd00::1"]
NEVER = ["169.254.169.254", "fe80::1", "0.0.0.0", "224.0.0.1", "ff02::1", "::"]
IN_DISGUISE = ["::ffff:10.0.0.1", "::ffff:127.0.0.1", "64:ff9b::a00:1", "2002:a00:1::"]
METADATA_IN_DISGUISE = ["::ffff:169.254.169.254", "64:ff9b::a9fe:a9fe"]


@pytest.mark.parametrize(
    ("url", "place"),
    [
        ("https://example.com/a?b=c", Place("https", "example.com", 443)),
        ("https://example.com:8443/", Place("https", "example.com", 8443)),
        ("http://127.0.0.1:9000/hook", Place("http", "127.0.0.1", 9000)),
        ("http://localhost/hook", Place("http", "localhost", 80)),
        ("http://[::1]:9000/", Place("http", "::1", 9000)),
    ],
)
def test_an_address_is_read(url, place):
    assert webhook_place(url) == place


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/",
        "http://127.0.0.1.example.com/",
        "http://10.0.0.1/",
        "ftp://example.com/",
        "file:///etc/passwd",
        "https://user:pw@example.com/",
        "https://example.com/#part",
        "https:///nowhere",
        "https://example.com:0x50/",
        "https://example.com:99999/",
        "https://exa mple.com/",
        "https://010.8.8.8/",
        "https://8.8.8/",
        "https://i\u2764.ws/",
        "https://example.com/\n",
        "https://example.com/" + "a" * 2_000,
        "",
    ],
)
def test_an_address_that_is_none_of_ours_is_refused(url):
    with pytest.raises(Refused, match=r"^url: "):
        webhook_place(url)


@pytest.mark.parametrize("address", PUBLIC)
def test_the_public_internet_may_be_called(address):
    assert judge(HTTPS, [address], private_allowed=False) == address


@pytest.mark.parametrize("address", [*PRIVATE, *NEVER, *IN_DISGUISE, *METADATA_IN_DISGUISE])
def test_what_is_inside_may_not(address):
    with pytest.raises(Refused, match="not of the public internet"):
        judge(HTTPS, [address], private_allowed=False)


@pytest.mark.parametrize("address", [*PRIVATE, *IN_DISGUISE])
def test_what_is_inside_may_be_called_when_that_was_said(address):
    assert judge(HTTPS, [address], private_allowed=True) == str(ip_address(address))


@pytest.mark.parametrize("address", [*NEVER, *METADATA_IN_DISGUISE])
def test_what_holds_credentials_of_a_cloud_is_never_called(address):
    with pytest.raises(Refused):
        judge(HTTPS, [address], private_allowed=True)


def test_a_name_that_is_both_outside_and_inside_is_refused():
    with pytest.raises(Refused, match=r"192\.168\.1\.1"):
        judge(HTTPS, [PUBLIC[0], "192.168.1.1"], private_allowed=False)


def test_plain_http_goes_to_this_machine_only_whatever_its_name_stands_for():
    place = Place("http", "localhost", 80)
    assert judge(place, ["127.0.0.1"], private_allowed=True) == "127.0.0.1"
    with pytest.raises(Refused, match="this machine only"):
        judge(place, ["192.168.1.1"], private_allowed=True)


def test_a_name_that_stands_for_nothing_is_refused():
    with pytest.raises(Refused, match="no address"):
        judge(HTTPS, [], private_allowed=True)


@pytest.mark.parametrize("url", ["slack://a/b/c", "tgram://bot/chat", "discord://i/t"])
def test_a_channel_with_a_host_of_its_own_needs_no_judgement(url):
    assert notice_place(url) is None


@pytest.mark.parametrize(
    ("url", "place"),
    [
        ("mailto://me:pw@mail.example.com", Place("mailto", "mail.example.com", 587)),
        (
            "mailtos://me:pw@mail.example.com/you@example.com",
            Place("mailtos", "mail.example.com", 465),
        ),
        ("json://127.0.0.1:9000/x", Place("json", "127.0.0.1", 9000)),
    ],
)
def test_a_channel_whose_host_was_written_down_is_judged(url, place):
    assert notice_place(url) == place


@pytest.mark.parametrize(
    "url",
    [
        *(
            "dbus://",
            "exec://rm",
            "xml://10.0.0.1",
            "msteams://a/b/c",
            "jsons://in.example.com",
            "x",
        ),
        *("mailto://a:b@c.example?smtp=10.0.0.1", "mailto://a:b@8.8.8.8?SMTP=10.0.0.1"),
        *("mailto://a:b@c.example?a=1;smtp=10.0.0.1", "slack://a/b/c?template=/etc/passwd"),
        "tgram://123456789:abc/1/,json://127.0.0.1:9000/x",
        "discord://i/t,xml://10.0.0.1",
    ],
)
def test_other_channels_are_refused(url):
    with pytest.raises(Refused, match=r"^channel: "):
        notice_place(url)


def test_json_is_for_this_machine_only():
    with pytest.raises(Refused, match="json is for this machine only"):
        notice_place("json://in.example.com/x")
    with pytest.raises(Refused, match="this machine only"):
        judge(Place("json", "localhost", 80), ["10.0.0.1"], private_allowed=True)


@pytest.mark.parametrize(
    "address", ["64:ff9b:1::a00:1", "fec0::1", "::127.0.0.1", "::ffff:0:7f00:1", "4000::1"]
)
def test_only_what_is_of_the_internet_is_of_the_internet(address):
    with pytest.raises(Refused, match="not of the public internet"):
        judge(HTTPS, [address], private_allowed=False)
