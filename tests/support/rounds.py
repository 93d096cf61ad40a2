"""Rounds in tests: what owners hold and what their logs say, of writers in memory.

Owns: a writer's tables as `Held`, its log as records, and planted rows.
Never: a check.
"""

from contextlib import closing

from ops.auditor.auditor import Auditor
from ops.reading import raise_damage, sealed
from ops.recon.rounds.held import Held
from ops.recon.rounds.limits import recount
from ops.recon.rounds.state import compare
from streams.runtime.fakes_local import FakeDisk
from tests.support.checked import log_records
from tests.support.strategies import POLICY, RULES
from topics.partitioning import partition_of


def held_by(writer, changes=()):
    """A writer's tables, with some rows changed; None removes one."""
    disk = FakeDisk()
    disk.rows.update(writer.rows)
    for key, row in changes:
        disk.rows.pop(key, None) if row is None else disk.rows.update({key: row})
    next_offset = writer.log[-1].offset + 1 if writer.log else 0
    return Held(writer.partition, disk.open(), next_offset)


def state_of(writer, held=None, records=None):
    """RI08 of a writer."""
    with closing(FakeDisk().open()) as scratch:
        return compare(held or held_by(writer), records or log_records(writer), scratch)


def counters_of(writer, partitions, held=None, genesis=(POLICY, RULES)):
    """RI12 of a writer."""
    auditor = Auditor(lambda wallet_id: partition_of(wallet_id, partitions), *genesis)
    log = sealed(iter(log_records(writer)), raise_damage)
    return recount(held or held_by(writer), log, auditor)
