"""Profiles: what a wallet usually does, in one small row, and the facts made of it for rules.

Owns: the bounds of the profile row, and how one movement changes it.
Never: decides a rule. What came back later stays: it was tried, and rules look at behaviour.
"""

from __future__ import annotations

from typing import Final

from ledger.flags import with_flag
from schemas.messages.events import OutflowConsumed
from schemas.messages.rows import CountryUse, DeviceUse, InflowRow, LiveFlag, ProfileRow
from schemas.messages.vocabulary import Authentication

AMOUNTS_KEPT: Final = 20
DIGITS_KEPT: Final = 100
NEAR_KEPT: Final = 16
PAYEE_AMOUNTS_KEPT: Final = 3
ROUND_MASK: Final = (1 << AMOUNTS_KEPT) - 1
RATIO_MAX: Final = 10**9  # a ratio beyond this is this: it stays in 64 bits
TOTAL_MODULUS: Final = 1 << 62
RUN_GAP_US: Final = 30 * 60_000_000
NEAR_US: Final = 7 * 86_400_000_000

DEVICES_KEPT: Final = 8
COUNTRIES_KEPT: Final = 4  # nobody is in a fifth one within two hours, nor in a second
COUNTRIES_US: Final = 2 * 3_600_000_000
NEVER: Final = -1  # nothing is counted before the first strong authentication

NO_PROFILE: Final = ProfileRow(0, 0, (), b"", 0, (), (), 0)
NO_INFLOW: Final = InflowRow(0, 0, 0, 0)


def paid(row: ProfileRow, event: OutflowConsumed, at: int) -> ProfileRow:
    """Return the profile with one more movement."""
    amount = event.base_amount
    near_at = row.near_at
    near_bits = row.near_bits
    if event.near != 0:
        first = 0
        while first < len(near_at) and near_at[first] <= at - NEAR_US:
            first += 1
        near_at = (*near_at[first:], at)[-NEAR_KEPT:]
        near_bits = (*near_bits[first:], event.near)[-NEAR_KEPT:]
    count, total = _unauthenticated(row, event)
    return ProfileRow(
        row.outs + 1,
        (row.out_total + amount) % TOTAL_MODULUS,
        (*row.amounts, amount)[-AMOUNTS_KEPT:],
        (row.digits + bytes((first_digit(amount),)))[-DIGITS_KEPT:],
        (row.round_bits << 1 | (1 if event.round_amount else 0)) & ROUND_MASK,
        near_at,
        near_bits,
        row.tier_changed_at,
        _with_device(row.devices, event.device_id, at),
        count,
        total,
        row.flags,
        _with_country(row.countries, event.country, at),
    )


def tier_changed(row: ProfileRow, at: int) -> ProfileRow:
    """Return the profile with a change of tier."""
    return _as_before(row, at, row.flags)


def flagged(row: ProfileRow, flag: LiveFlag, at: int) -> ProfileRow:
    """Return the profile with what the risk job said."""
    return _as_before(row, row.tier_changed_at, with_flag(row.flags, flag, at))


def _as_before(row: ProfileRow, tier_changed_at: int, flags: tuple[LiveFlag, ...]) -> ProfileRow:
    """Return the profile with what its payments left in it."""
    return ProfileRow(
        row.outs,
        row.out_total,
        row.amounts,
        row.digits,
        row.round_bits,
        row.near_at,
        row.near_bits,
        tier_changed_at,
        row.devices,
        row.unauthenticated_count,
        row.unauthenticated_sum,
        flags,
        row.countries,
    )


def _with_device(devices: tuple[DeviceUse, ...], device_id: str, at: int) -> tuple[DeviceUse, ...]:
    """Return the devices with the one that paid as the latest; an unknown one is none."""
    if not device_id or (devices and devices[-1].device_id == device_id):
        return devices
    use = DeviceUse(device_id, at)
    others: list[DeviceUse] = []
    for each in devices:
        if each.device_id == device_id:
            use = each
        else:
            others.append(each)
    return (*others, use)[-DEVICES_KEPT:]


def _with_country(countries: tuple[CountryUse, ...], name: str, at: int) -> tuple[CountryUse, ...]:
    """Return the countries of two hours with the one that was paid from; unsaid, they stay."""
    if not name:
        return countries
    others = [each for each in countries if each.at > at - COUNTRIES_US and each.country != name]
    return (*others, CountryUse(name, at))[-COUNTRIES_KEPT:]


def _unauthenticated(row: ProfileRow, event: OutflowConsumed) -> tuple[int, int]:
    """Return count and sum since the latest strong authentication, which begins them."""
    if event.authentication is Authentication.STRONG:
        return 0, 0
    if event.authentication is Authentication.UNSAID or row.unauthenticated_count == NEVER:
        return row.unauthenticated_count, row.unauthenticated_sum
    total = min(row.unauthenticated_sum + event.base_amount, TOTAL_MODULUS)
    return row.unauthenticated_count + 1, total


def first_digit(amount: int) -> int:
    """Return the first digit of an amount; 0 of nothing."""
    return ord(str(amount)[0]) - ord("0")


def near_thresholds(base_amount: int, thresholds: tuple[int, ...], largest: int) -> int:
    """Return a bit for each threshold T with 0.8 T <= amount < T; `largest` is the last of them."""
    bits = 0
    for number, threshold in enumerate((*thresholds, largest)):
        if base_amount < threshold and base_amount * 10 >= threshold * 8:
            bits |= 1 << number
    return bits
