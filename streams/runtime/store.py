"""The committed rows of a partition in RocksDB.

Owns: the folders `state/<worker>/<job>/<partition>`, RocksDB's settings, the shared cache.
Never: decides when to write. No write is synced: the log replays what a lost machine forgot.
"""

from __future__ import annotations

import logging
import shutil
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import Final, final

from rocksdict import (
    BlockBasedIndexType,
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
# RocksDB opens a database without reading all of it: what a read finds is noted for the next start.
CORRUPT_MARK: Final = "rocksdb.corrupt"
# How it says that somebody else has the database: another process, or this one.
LOCKED: Final = ("While lock file", "lock hold by current process")
# One cache for every partition of the process: memory is bounded however many it owns.
CACHE_BYTES: Final = 48 * 1024 * 1024
# Two buffers of 4 MiB per partition. Rocks' default of 2 x 64 MiB would be half a worker.
WRITE_BUFFER_BYTES: Final = 4 * 1024 * 1024
BLOOM_BITS: Final = 10
METADATA_BLOCK_BYTES: Final = 4 * 1024
LOG_BYTES_MAX: Final = 1024 * 1024
OPEN_FILES_MAX: Final = 64


class StoreRoot:
    """The state folder of one worker."""

    def __init__(self, folder: Path, cache_bytes: int = CACHE_BYTES) -> None:
        self.folder: Final = folder
        self._cache: Final = Cache(cache_bytes)
        self._open_folders: Final[set[Path]] = set()

    def open_stores(self) -> int:
        """Return how many partitions share this process's memory."""
        return len(self._open_folders)

    def partition_folder(self, job: str, partition: int) -> Path:
        """Return the folder of one partition's files."""
        return self.folder / job / str(partition)

    def open(self, job: str, partition: int) -> RocksStore:
        """Open the store of a partition; one process at a time."""
        folder = self.partition_folder(job, partition) / DATABASE
        try:
            if folder.with_name(CORRUPT_MARK).exists():
                return self._open_anew(folder, "a read had found it corrupt")
            try:
                return self._open(folder)
            except Exception as error:
                if not str(error).startswith(CORRUPTION):
                    raise
                return self._open_anew(folder, str(error))
        except Exception as error:
            if any(words in str(error) for words in LOCKED):
                raise StoreLockedError(
                    f"state folder {folder} is open in another process: stop that worker, "
                    f"or give this one another name (LEDGER_WORKER)"
                ) from error
            raise StoreFailedError(f"local database: open {folder}: {error}") from error

    def _open(self, folder: Path) -> RocksStore:
        folder.mkdir(parents=True, exist_ok=True)
        mark = folder.with_name(CORRUPT_MARK)
        db = Rdict(str(folder), _options(self._cache))
        self._open_folders.add(folder)
        return RocksStore(db, mark, partial(self._open_folders.discard, folder))

    def _open_anew(self, folder: Path, why: str) -> RocksStore:
        """Set a damaged database aside: its rows are a fold of the log, which is still there."""
        aside = folder.with_name(DAMAGED)
        shutil.rmtree(aside, ignore_errors=True)
        folder.rename(aside)
        folder.with_name(CORRUPT_MARK).unlink(missing_ok=True)
        LOG.error("database set aside as %s, its rows are built again: %s", aside, why)
        return self._open(folder)


ROWS: Final = "rocksdb.estimate-num-keys"


@final
class RocksStore:
    """One RocksDB database, keys and rows as plain bytes; satisfies `Store`."""

    def __init__(
        self,
        db: Rdict,
        corrupt_mark: Path | None = None,
        closed: Callable[[], None] = lambda: None,
    ) -> None:
        """Wrap an open database; without a mark to leave, it is somebody else's."""
        self._db: Final = db
        self._corrupt_mark: Final = corrupt_mark
        self._closed: Final = closed
        self._open = True

    def get(self, key: bytes) -> bytes | None:
        """Return the row under `key`."""
        try:
            row: bytes | None = self._db.get(key)
        except Exception as error:
            raise self._failed("read", error) from error
        return row

    def scan(self, start: bytes, end: bytes, limit: int) -> list[tuple[bytes, bytes]]:
        """Return at most `limit` rows with start <= key < end, in order."""
        try:
            return self._scanned(start, end, limit)
        except Exception as error:
            raise self._failed("read", error) from error

    def _scanned(self, start: bytes, end: bytes, limit: int) -> list[tuple[bytes, bytes]]:
        options = ReadOptions()
        options.set_iterate_upper_bound(end)
        cursor = self._db.iter(options)
        cursor.seek(start)
        rows: list[tuple[bytes, bytes]] = []
        while len(rows) < limit and cursor.valid():
            rows.append((cursor.key(), cursor.value()))
            cursor.next()
        # A cursor that met an error looks like one at the end of the rows; only this raises it.
        cursor.status()
        # A living iterator would keep the database's lock after close.
        del cursor
        return rows

    def write(self, changes: Iterable[tuple[bytes, bytes | None]]) -> None:
        """Write all changes or none."""
        batch = WriteBatch(raw_mode=True)
        for key, row in changes:
            if row is None:
                del batch[key]
            else:
                batch[key] = row
        try:
            self._db.write(batch)
        except Exception as error:
            raise self._failed("write", error) from error

    def checkpoint(self, folder: Path) -> None:
        """Make a second database of the rows as they are now: links to files that never change."""
        try:
            Checkpoint(self._db).create_checkpoint(str(folder))
        except Exception as error:
            raise self._failed("checkpoint", error) from error

    def rows(self) -> int:
        """Estimate how many rows there are, from what RocksDB counts anyway."""
        try:
            return int(self._db.property_int_value(ROWS) or 0)
        except Exception as error:
            raise self._failed("count", error) from error

    def close(self) -> None:
        """Close; idempotent."""
        if self._open:
            self._open = False
            self._closed()
            try:
                self._db.close()
            except Exception as error:
                raise self._failed("close", error) from error

    def _failed(self, call: str, error: Exception) -> StoreFailedError:
        """Name what failed: RocksDB's errors have no types, and a full disk is none of our bugs."""
        if str(error).startswith(CORRUPTION) and self._corrupt_mark is not None:
            self._corrupt_mark.touch()
        return StoreFailedError(f"local database: {call}: {error}")


def _options(cache: Cache) -> Options:
    blocks = BlockBasedOptions()
    blocks.set_block_cache(cache)
    blocks.set_bloom_filter(BLOOM_BITS, block_based=False)
    # Index and filter blocks count against the shared cache too. Cut in parts: whole, the filter of
    # a table of 700,000 rows is larger than a shard of the cache, and read again with every get.
    blocks.set_cache_index_and_filter_blocks(True)
    blocks.set_index_type(BlockBasedIndexType.two_level_index_search())
    blocks.set_partition_filters(True)
    blocks.set_metadata_block_size(METADATA_BLOCK_BYTES)
    blocks.set_pin_top_level_index_and_filter(True)
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
