"""The committed rows of a partition in RocksDB.

Owns: the folders `state/<worker>/<job>/<partition>`, RocksDB's settings, the shared cache.
Never: decides when to write. No write is synced: the log replays what a lost machine forgot.
"""

from __future__ import annotations

import logging
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Final, final

from rocksdict import (
    BlockBasedOptions,
    Cache,
    Checkpoint,
    DBCompressionType,
    Options,
    Rdict,
    ReadOptions,
    WriteBatch,
)

from streams.runtime.errors import StoreFailedError, StoreLockedError

LOG = logging.getLogger(__name__)

# How RocksDB begins the sentence about files that are cut, missing or not what they were.
CORRUPTION: Final = "Corruption"
DATABASE: Final = "rocksdb"
DAMAGED: Final = "rocksdb.damaged"
# One cache for every partition of the process: memory is bounded however many it owns.
CACHE_BYTES: Final = 48 * 1024 * 1024
# Two buffers of 4 MiB per partition. Rocks' default of 2 x 64 MiB would be half a worker.
WRITE_BUFFER_BYTES: Final = 4 * 1024 * 1024
BLOOM_BITS: Final = 10
LOG_BYTES_MAX: Final = 1024 * 1024
OPEN_FILES_MAX: Final = 64


class StoreRoot:
    """The state folder of one worker."""

    def __init__(self, folder: Path, cache_bytes: int = CACHE_BYTES) -> None:
        self.folder: Final = folder
        self._cache: Final = Cache(cache_bytes)

    def partition_folder(self, job: str, partition: int) -> Path:
        """Return the folder of one partition's files."""
        return self.folder / job / str(partition)

    def open(self, job: str, partition: int) -> RocksStore:
        """Open the store of a partition; one process at a time."""
        folder = self.partition_folder(job, partition) / DATABASE
        try:
            return self._open(folder)
        except Exception as error:
            if str(error).startswith(CORRUPTION):
                return self._open_anew(folder, str(error))
            if "lock" in str(error).lower():
                raise StoreLockedError(
                    f"state folder {folder} is open in another process: stop that worker, "
                    f"or give this one another name (LEDGER_WORKER)"
                ) from error
            raise _failed(f"open {folder}", error) from error

    def _open(self, folder: Path) -> RocksStore:
        folder.mkdir(parents=True, exist_ok=True)
        return RocksStore(Rdict(str(folder), _options(self._cache)))

    def _open_anew(self, folder: Path, why: str) -> RocksStore:
        """Set a damaged database aside: its rows are a fold of the log, which is still there."""
        aside = folder.with_name(DAMAGED)
        shutil.rmtree(aside, ignore_errors=True)
        folder.rename(aside)
        LOG.error("database set aside as %s, its rows are built again: %s", aside, why)
        return self._open(folder)


@final
class RocksStore:
    """One RocksDB database, keys and rows as plain bytes; satisfies `Store`."""

    def __init__(self, db: Rdict) -> None:
        self._db: Final = db
        self._open = True

    def get(self, key: bytes) -> bytes | None:
        """Return the row under `key`."""
        try:
            row: bytes | None = self._db.get(key)
        except Exception as error:
            raise _failed("read", error) from error
        return row

    def scan(self, start: bytes, end: bytes, limit: int) -> list[tuple[bytes, bytes]]:
        """Return at most `limit` rows with start <= key < end, in order."""
        try:
            return self._scanned(start, end, limit)
        except Exception as error:
            raise _failed("read", error) from error

    def _scanned(self, start: bytes, end: bytes, limit: int) -> list[tuple[bytes, bytes]]:
        options = ReadOptions()
        options.set_iterate_upper_bound(end)
        cursor = self._db.iter(options)
        cursor.seek(start)
        rows: list[tuple[bytes, bytes]] = []
        while len(rows) < limit and cursor.valid():
            rows.append((cursor.key(), cursor.value()))
            cursor.next()
        # A living iterator would keep the database's lock after close.
        del cursor
        return rows

    def write(self, changes: Iterable[tuple[bytes, bytes | None]]) -> None:
        """Write all changes or none."""
        batch = WriteBatch(raw_mode=True)
        put, delete = batch.put, batch.delete
        for key, row in changes:
            if row is None:
                delete(key)
            else:
                put(key, row)
        try:
            self._db.write(batch)
        except Exception as error:
            raise _failed("write", error) from error

    def checkpoint(self, folder: Path) -> None:
        """Make a second database of the rows as they are now: links to files that never change."""
        try:
            Checkpoint(self._db).create_checkpoint(str(folder))
        except Exception as error:
            raise _failed("checkpoint", error) from error

    def close(self) -> None:
        """Close; idempotent."""
        if self._open:
            self._open = False
            self._db.close()


def _failed(call: str, error: Exception) -> StoreFailedError:
    """Name what failed: RocksDB's errors have no types, and a full disk is none of our bugs."""
    return StoreFailedError(f"local database: {call}: {error}")


def _options(cache: Cache) -> Options:
    blocks = BlockBasedOptions()
    blocks.set_block_cache(cache)
    blocks.set_bloom_filter(BLOOM_BITS, block_based=False)
    # Index and filter blocks count against the shared cache too.
    blocks.set_cache_index_and_filter_blocks(True)
    blocks.set_pin_l0_filter_and_index_blocks_in_cache(True)
    options = Options(raw_mode=True)
    options.create_if_missing(True)  # noqa: FBT003 - as above
    options.set_block_based_table_factory(blocks)
    options.set_write_buffer_size(WRITE_BUFFER_BYTES)
    options.set_max_write_buffer_number(2)
    options.set_max_background_jobs(2)
    options.set_max_open_files(OPEN_FILES_MAX)
    options.set_max_log_file_size(LOG_BYTES_MAX)
    options.set_keep_log_file_num(2)
    options.set_max_total_wal_size(4 * WRITE_BUFFER_BYTES)
    options.set_compression_type(DBCompressionType.lz4())
    return options
