"""A pytest plugin: how the tests are shared out when several processes run them (`-n 2`).

Owns: what stays together. A process that is free takes the next share, in the order of the run.
Never: sorts; the order is the random one inside each tier.

xdist's own groups are marks that it appends to the ids of tests, which pytest 9.2 no longer takes.
"""

import pytest
from xdist.scheduler import LoadScopeScheduling
from xdist.workermanage import NodeManager

# After Ctrl-C a process takes its servers down; with the usual 10 s it would be killed meanwhile.
NodeManager.EXIT_TIMEOUT = 90


class Shares(LoadScopeScheduling):
    """Gives a share at a time to each process."""

    def _split_scope(self, nodeid):
        return share_of(nodeid)


def share_of(nodeid):
    """What stays in one process: tests that share servers.

    That is a folder, for its session's fixtures; in chaos, whose journeys are long, a test with all
    its parameters.
    """
    file = nodeid.partition("::")[0]
    return nodeid.partition("[")[0] if file.startswith("tests/chaos/") else file.rpartition("/")[0]


@pytest.hookimpl(tryfirst=True, optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    # It would sort by the number of tests, and the dearest share has the fewest.
    config.option.loadscopereorder = False
    return Shares(config, log)
