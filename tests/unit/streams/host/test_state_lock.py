"""One process per state folder."""

import os

import pytest

from streams.runtime.errors import StoreLockedError
from streams.runtime.host.state_lock import lock_state


def test_a_second_lock_names_the_holder(tmp_path):
    folder = tmp_path / "state" / "w"
    file = lock_state(folder)
    with pytest.raises(StoreLockedError, match=rf"process {os.getpid()}"):
        lock_state(folder)
    os.close(file)
    os.close(lock_state(folder))
