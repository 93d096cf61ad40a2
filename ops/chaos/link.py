"""Link: one connection through the proxy, client on one side, server on the other.

Owns: passing bytes on, late, partly or not at all, as the rules of its route say.
Never: changes a byte; what arrives was sent.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
from struct import pack
from typing import TYPE_CHECKING, Final

from ops.chaos.wire import FramingError, correlation_of, read_frame, request_of

if TYPE_CHECKING:
    from asyncio import StreamReader, StreamWriter

    from ops.chaos.rules import Loss, Rules

CHUNK_BYTES: Final = 64 * 1024
# Closing with this set sends RST at once: the peer hears "reset", not "end".
RESET: Final = pack("ii", 1, 0)
ENDS: Final = (OSError, asyncio.IncompleteReadError, FramingError)


class Link:
    """One client's connection and our own to the server."""

    def __init__(
        self,
        rules: Rules,
        client: tuple[StreamReader, StreamWriter],
        server: tuple[StreamReader, StreamWriter],
        *,
        framed: bool,
    ) -> None:
        self._rules: Final = rules
        self._client: Final = client
        self._server: Final = server
        self._framed: Final = framed
        self._flowing: Final = asyncio.Event()
        self._flowing.set()
        self._doomed: Final[dict[int, Loss]] = {}  # correlation id -> what becomes of its reply

    @property
    def frozen(self) -> bool:
        """Whether it stands still: open on both sides, and nothing moves."""
        return not self._flowing.is_set()

    async def run(self) -> None:
        """Pass bytes on until one side ends."""
        passes = (self._requests(), self._replies()) if self._framed else self._chunks()
        tasks = [asyncio.ensure_future(each) for each in passes]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            self.cut()

    def freeze(self) -> None:
        """Stand still: half-open for both, who are told nothing."""
        self._flowing.clear()

    def cut(self) -> None:
        """Reset both connections."""
        for _, writer in (self._client, self._server):
            if not writer.is_closing():
                known = writer.get_extra_info("socket")
                with contextlib.suppress(OSError):
                    known.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
                writer.transport.abort()

    def _chunks(self) -> tuple[asyncio.Future[None], ...]:
        (from_client, to_client), (from_server, to_server) = self._client, self._server
        return (
            asyncio.ensure_future(self._copy(from_client, to_server)),
            asyncio.ensure_future(self._copy(from_server, to_client)),
        )

    async def _copy(self, reader: StreamReader, writer: StreamWriter) -> None:
        with contextlib.suppress(*ENDS):
            while chunk := await reader.read(CHUNK_BYTES):
                await self._pass_on(writer, chunk)

    async def _requests(self) -> None:
        reader, writer = self._client[0], self._server[1]
        with contextlib.suppress(*ENDS):
            while True:
                frame = await read_frame(reader)
                request = request_of(frame)
                loss = self._rules.loss_of(request.api)
                if loss is None or loss.part == "reply":
                    if loss is not None:
                        self._doomed[request.correlation] = loss
                    await self._pass_on(writer, frame)
                elif loss.manner == "cut":
                    return

    async def _replies(self) -> None:
        reader, writer = self._server[0], self._client[1]
        with contextlib.suppress(*ENDS):
            while True:
                frame = await read_frame(reader)
                loss = self._doomed.pop(correlation_of(frame), None)
                if loss is None:
                    await self._pass_on(writer, frame)
                elif loss.manner == "cut":
                    return

    async def _pass_on(self, writer: StreamWriter, data: bytes) -> None:
        if self._rules.delay_ms:
            await asyncio.sleep(self._rules.delay_s)
        await self._flowing.wait()
        writer.write(data)
        await writer.drain()
