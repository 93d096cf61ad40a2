"""Doors: how a letter leaves the house, by HTTP or by a channel of `apprise`.

Owns: of webhooks the timeouts, the connection to the very address that was
judged.
Never: follows a redirect, asks a proxy, or reads an answer beyond its head; `apprise`, which may,
is given services with a host of their own and mail.
"""

from __future__ import annotations

import asyncio
import json
import ssl
from collections.abc import Callable
from typing import Final, final

import httpx
from apprise import Apprise

from sinks.webhooks.address import judge, notice_place, webhook_place
from sinks.webhooks.letter import Letter
from sinks.webhooks.lookup import look_up
from sinks.webhooks.schedule import Answer
from sinks.webhooks.signing import headers_of
from sinks.webhooks.subscription import Refused
from sinks.webhooks.wording import wording

DEADLINE_S: Final = 15.0  # of one attempt in all, however slowly the other side drips
TIMEOUT: Final = httpx.Timeout(10.0, connect=5.0)
AGENT: Final = "wallet-ledger-webhooks/1"
SENT: Final = 200  # what a channel says without a number


@final
class WebhookDoor:
    """Posts. One connection a letter: a connection to one name never serves another's."""

    def __init__(
        self,
        clock: Callable[[], int],
        deadline_s: float = DEADLINE_S,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._clock: Final = clock
        self._deadline_s: Final = deadline_s
        self._tls: Final = tls or ssl.create_default_context()
        self._loop: Final = asyncio.Runner()

    def send(self, letter: Letter) -> Answer:
        """Post once."""
        try:
            return self._loop.run(asyncio.wait_for(self._post(letter), self._deadline_s))
        except TimeoutError:
            return Answer(None, f"no answer within {self._deadline_s:g} s")
        except (Refused, OSError, ValueError, httpx.HTTPError, httpx.InvalidURL) as error:
            return Answer(None, f"{type(error).__name__}: {error}")

    def close(self) -> None:
        """End the loop."""
        self._loop.close()

    async def _post(self, letter: Letter) -> Answer:
        place = webhook_place(letter.to.address)
        found = await asyncio.to_thread(look_up, place)
        address = judge(place, found, private_allowed=letter.to.private_allowed)
        at_us = self._clock()
        url = httpx.URL(letter.to.address)
        headers = {
            **headers_of(letter.message_id, letter.body, at_us, letter.to.secrets.valid(at_us)),
            "host": url.netloc.decode("ascii"),
            "content-type": "application/json",
            "user-agent": AGENT,
        }
        async with httpx.AsyncClient(verify=self._tls, timeout=TIMEOUT, trust_env=False) as client:
            request = client.build_request(
                "POST",
                url.copy_with(host=address),
                content=letter.body.encode(),
                headers=headers,
                # The certificate has to be that of the name, though the connection is by number.
                extensions={"sni_hostname": place.host},
            )
            response = await client.send(request, stream=True)
            await response.aclose()
        return Answer(
            response.status_code,
            "" if response.is_success else response.reason_phrase,
            retry_after_of(response.headers.get("retry-after", "")),
        )


@final
class NoticeDoor:
    """Tells a person, by whatever channel that person chose."""

    def send(self, letter: Letter) -> Answer:
        """Tell once."""
        document = json.loads(letter.body)
        title, text = wording(letter.type, document["data"])
        try:
            place = notice_place(letter.to.address)
            if place is not None:
                judge(place, look_up(place), private_allowed=letter.to.private_allowed)
        except (Refused, OSError) as error:
            return Answer(None, f"{type(error).__name__}: {error}")
        channel = Apprise()
        if not channel.add(letter.to.address) or len(channel) != 1:
            return Answer(None, "the channel's address is not understood")
        told = channel.notify(body=text, title=title)
        return Answer(SENT) if told else Answer(None, "the channel did not take it")

    def close(self) -> None:
        """Hold nothing."""


def retry_after_of(text: str) -> float:
    """Return the seconds that an endpoint asks for; a date is not worth a clock here."""
    return float(text) if text.isascii() and text.isdecimal() else 0.0
