"""Quiet hours: when a person is not to be disturbed, by that person's clock.

Owns: the hours, their text, and when they are over.
Never: holds back what is urgent; the caller knows what that is.
"""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sinks.webhooks.instants import instant, micros_of

TEXT: Final = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)")
HOUR: Final = 60


class Quiet(NamedTuple):
    """From a minute of the day until another, which may be of the next day."""

    begins: int
    ends: int
    zone: str

    def over(self, at_us: int) -> int:
        """Return when a notice may be sent that would be sent now: now, or when they end."""
        local = instant(at_us).astimezone(ZoneInfo(self.zone))
        minute = local.hour * HOUR + local.minute
        overnight = self.begins > self.ends
        inside = (
            (minute >= self.begins or minute < self.ends)
            if overnight
            else self.begins <= minute < self.ends
        )
        if not inside:
            return at_us
        day = local.date() + timedelta(days=int(overnight and minute >= self.begins))
        end = datetime.combine(day, time(*divmod(self.ends, HOUR)), ZoneInfo(self.zone))
        return micros_of(end)

    @property
    def text(self) -> str:
        """Return the hours as they are written."""
        begins, ends = divmod(self.begins, HOUR), divmod(self.ends, HOUR)
        return f"{begins[0]:02}:{begins[1]:02}-{ends[0]:02}:{ends[1]:02}"


def read_quiet(text: str, zone: str) -> Quiet:
    """Read hours such as 22:00-07:00. Raises `ValueError`."""
    found = TEXT.fullmatch(text)
    if found is None:
        raise ValueError(f"quiet: {text!r} is not like 22:00-07:00")
    numbers = [int(each) for each in found.groups()]
    begins, ends = numbers[0] * HOUR + numbers[1], numbers[2] * HOUR + numbers[3]
    if begins == ends:
        raise ValueError("quiet: begins and ends at the same minute")
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise ValueError(f"zone: {zone!r} is no time zone such as Europe/Berlin") from error
    return Quiet(begins, ends, zone)
