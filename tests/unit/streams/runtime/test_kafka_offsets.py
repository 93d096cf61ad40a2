"""What a broker says where a log ends."""

import pytest

from streams.runtime.errors import BrokerAwayError
from streams.runtime.kafka import known_offset


def test_a_broker_that_knows_no_offset_yet_is_away():
    assert known_offset(0, "log[3]") == 0
    with pytest.raises(BrokerAwayError, match=r"log\[3\].*-1001"):
        known_offset(-1001, "log[3]")
