"""Owners of one partition with a shared place for snapshots.

Owns: `Owner`, a worker's side of it, and writers that write at once or when told.
Never: asserts.
"""

from streams.runtime.crashpoints import unarmed
from streams.runtime.fakes_local import FakeClock
from streams.runtime.snapshot_place import SnapshotPlace
from streams.runtime.snapshots import Pace, PartitionSnapshots
from streams.runtime.store import StoreRoot

TOPIC = "log-1"
WORTH = 100
CHAIN = (("chain", b"\x01" * 32),)


class Now:
    """A writer that writes in the caller's thread."""

    def give(self, task):
        task()


class Later:
    """A writer that is busy until it is told."""

    def __init__(self):
        self.tasks = []

    def give(self, task):
        self.tasks.append(task)


class Owner:
    """A worker's side of one partition."""

    def __init__(self, url, folder, writer=None):
        self.root = StoreRoot(folder)
        self.url = str(url)
        self.place = self.place_of(TOPIC)
        self.folder = self.root.partition_folder("job", 3)
        pace = Pace(WORTH, FakeClock())
        self.snapshots = PartitionSnapshots(
            self.place_of, self.folder, writer or Now(), pace, unarmed
        )
        self.store = self.snapshots.opened(self.root.open("job", 3))

    def place_of(self, topic):
        return SnapshotPlace(self.url, "local", "job", "3", topic)

    def put(self, first, last):
        self.store.write([(b"%06d" % number, b"row %d" % number) for number in range(first, last)])

    def passed(self, offset, topic=TOPIC):
        self.snapshots.passed(topic, offset, CHAIN)

    def take_over(self, applied=0, topic=TOPIC):
        if not self.snapshots.fetch(topic, applied):
            return False
        self.store.close()
        self.snapshots.swap()
        self.store = self.snapshots.opened(self.root.open("job", 3))
        return True

    def rows(self):
        return self.store.scan(b"", b"\xff", 10_000)


def with_snapshots(owner, *offsets):
    """An owner that took a snapshot at each of these offsets; what it held at each."""
    held, before = [], 0
    for offset in offsets:
        owner.put(before, offset)
        owner.passed(offset)
        held.append(owner.rows())
        before = offset
    return held


def manifest_path(owner, offset):
    shared = owner.folder.parents[2] / "shared" / "local" / "job" / "3" / TOPIC
    return shared / f"{offset:020d}.json"


def owner_files(owner):
    return manifest_path(owner, owner.place.offsets()[0]).parent / "files"
