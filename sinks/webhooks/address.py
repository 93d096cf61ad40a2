"""Address: where a webhook or notice may go, so that nobody makes the ledger call what is inside.

Owns: which schemes, hosts and addresses are refused, at the door and again at every attempt.
Never: connects. Names are looked up by whoever connects, to the very address that was judged.
"""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Final, NamedTuple
from urllib.parse import urlsplit

from sinks.webhooks.subscription import Refused

LENGTH_MAX: Final = 2_000
PORT_MAX: Final = 65_535
LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})
# Channels whose host is their service's own.
SERVICES: Final = frozenset({"slack", "discord", "tgram", "twilio", "pover"})
# Channels whose host somebody writes down.
HOSTED: Final = {"mailto": 587, "mailtos": 465, "json": 80}
# Channels that are for this machine only, as http is.
NEAR: Final = frozenset({"http", "json"})
# An address of a channel is one address: apprise takes what follows one of these for another one,
# or for options such as a server, a file to read, or redirects.
TOO_MUCH: Final = frozenset("?,;")
GLOBAL_UNICAST: Final = ip_network("2000::/3")

Ip = IPv4Address | IPv6Address


class Place(NamedTuple):
    """Who is called."""

    scheme: str
    host: str
    port: int


def webhook_place(url: str) -> Place:
    """Read the address of a webhook. Raises `Refused`."""
    place = _read(url, {"https": 443, "http": 80})
    _check_near(place)
    return place


def notice_place(url: str) -> Place | None:
    """Read the address of a channel of `apprise`; None when its host is its service's own."""
    scheme = url.partition("://")[0].lower()
    if TOO_MUCH.intersection(url):
        raise Refused("channel: one address, without ? , or ; in it: options are not taken")
    if scheme in SERVICES:
        return None
    if scheme not in HOSTED:
        known = ", ".join(sorted({*SERVICES, *HOSTED}))
        raise Refused(f"channel: {scheme[:32]!r} is none of {known}")
    place = _read(url, HOSTED, secret_inside=True)
    _check_near(place)
    return place


def judge(place: Place, found: Iterable[str], *, private_allowed: bool) -> str:
    """Return the address to connect to, of those a name stands for. Raises `Refused`.

    One that is refused refuses the name: who answers both would be called at either.
    """
    addresses = [ip_address(each) for each in found]
    if not addresses:
        raise Refused(f"url: {place.host} stands for no address")
    for each in addresses:
        if place.scheme in NEAR and not each.is_loopback:
            raise Refused(f"url: {place.scheme} is for this machine only, {place.host} is {each}")
        if not _may_be_called(each, private_allowed=private_allowed):
            raise Refused(f"url: {place.host} is {each}, which is not of the public internet")
    return str(addresses[0])


def _read(url: str, ports: dict[str, int], *, secret_inside: bool = False) -> Place:
    if len(url) > LENGTH_MAX or not url.isprintable() or " " in url:
        raise Refused(f"url: longer than {LENGTH_MAX} characters, or with blanks")
    parts = urlsplit(url)
    if parts.scheme not in ports:
        raise Refused(f"url: {parts.scheme!r} is none of {', '.join(sorted(ports))}")
    if not secret_inside and (parts.username is not None or parts.fragment):
        raise Refused("url: no user, password or fragment in it; it is signed instead")
    try:
        port = parts.port or ports[parts.scheme]
    except ValueError as error:
        raise Refused(f"url: a port is 1 to {PORT_MAX}") from error
    if not parts.hostname:
        raise Refused("url: it names no host")
    _check_host(parts.hostname)
    return Place(parts.scheme, parts.hostname, port)


def _check_host(host: str) -> None:
    """Refuse a name that two readers read differently."""
    if not host.isascii():
        raise Refused("url: write the host in ASCII, as xn--")
    if host.replace(".", "").isdecimal():
        try:
            ip_address(host)
        except ValueError as error:
            raise Refused(f"url: {host} is no address") from error


def _check_near(place: Place) -> None:
    if place.scheme in NEAR and place.host not in LOOPBACK:
        scheme = place.scheme
        raise Refused(f"url: {scheme} is for this machine only; anywhere else it is https")


def _may_be_called(address: Ip, *, private_allowed: bool) -> bool:
    inner = _inner(address)
    # A link-local address is where clouds keep their credentials: no word opens it.
    if inner.is_link_local or inner.is_multicast or inner.is_unspecified:
        return False
    if isinstance(inner, IPv6Address) and inner.is_global and inner not in GLOBAL_UNICAST:
        return False  # forms by which an IPv4 address may be meant
    return inner.is_global or (private_allowed and (inner.is_private or inner.is_loopback))


def _inner(address: Ip) -> Ip:
    """Return the IPv4 address that an IPv6 one stands for, where it stands for one."""
    if isinstance(address, IPv4Address):
        return address
    if address.packed[:12] == ip_address("64:ff9b::").packed[:12]:
        return IPv4Address(address.packed[12:])
    return address.ipv4_mapped or address.sixtofour or address
