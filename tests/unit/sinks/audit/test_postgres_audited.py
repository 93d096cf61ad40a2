"""What a repair refuses before it asks the server for anything."""

import pytest

from ledger.sealing import LogError
from schemas.messages.recon import RepairOrdered
from schemas.messages.vocabulary import Store
from sinks.postgres.audited import PostgresAudited
from tests.unit.sinks.sample_log import SampleLog

NOWHERE = "host=nowhere.invalid"


def test_a_log_that_is_not_the_one_the_job_followed_repairs_nothing():
    log = SampleLog(seed=3).day(50)
    order = RepairOrdered("RI09-0-0-1", 1, Store.POSTGRES, "0", 50, 0, b"another digest", ())
    with pytest.raises(LogError, match="is not what the job followed"):
        PostgresAudited(NOWHERE).repair(0, order, log.decisions)


@pytest.mark.parametrize(
    ("bucket", "watermark", "needed"),
    [("0", 50, (1, 50)), ("0", 10_000, (1, 10_000)), ("2", 20_700, (20_001, 20_700))],
)
def test_a_repair_needs_no_more_of_the_log_than_was_compared(bucket, watermark, needed):
    order = RepairOrdered("RI09-0-0-1", 1, Store.POSTGRES, bucket, watermark, 0, b"", ())
    assert PostgresAudited(NOWHERE).range(order) == needed
