"""The stage: the servers a bench runs on, new and empty, gone afterwards.

Owns: which servers, the broker's durability, the topics of the plain loop.
Never: measures.
"""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from ops.stack import PASSABLE, SERVICES, Service, Stack, StackConfig
from ops.topic_setup import create_plain, prepare

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

STORES: Final = SERVICES[1:]  # all but Kafka
# Settings of the broker by what `--flush` says of them.
DURABILITY: Final[Mapping[str, Mapping[str, str]]] = {
    "page-cache": {},
    "every-message": {"log.flush.interval.messages": "1"},
}
EXTRA_TOPICS: Final = ("bench.plain", "bench.commands", "bench.answers")


@contextmanager
def staged(flush: str, partitions: int, services: tuple[Service, ...]) -> Iterator[Stack]:
    """Run these servers with the ledger's topics in a folder of their own."""
    with tempfile.TemporaryDirectory(prefix="ledger-bench-") as folder:
        Path(folder).chmod(PASSABLE)
        config = StackConfig(
            root=Path(folder),
            services=services,
            tuning="sustained",
            kafka_overrides=DURABILITY[flush],
        )
        with Stack(config) as stack:
            prepare(stack.endpoints.kafka, partitions)
            create_plain(stack.endpoints.kafka, EXTRA_TOPICS, partitions)
            yield stack
