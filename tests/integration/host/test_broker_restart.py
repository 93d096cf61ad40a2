"""The broker is killed and comes back: nothing is lost.

Normally the same workers go on. When the broker needs longer than a session to listen again, the
group has forgotten them: then they end, and enter again.
"""

from streams.runtime.host.exits import ExitCode
from tests.integration.host.herd import PARTITIONS, Herd, Load
from tests.support.stack import running_stack, wait_until

SESSION_S = 10.0


def test_a_broker_restart_is_survived_and_a_stop_without_broker_is_in_time(tmp_path):
    with running_stack("kafka") as stack, Herd(stack.endpoints.kafka, tmp_path, SESSION_S) as herd:
        with Load(herd, legs=False) as load:
            herd.start("one")
            herd.start("two")
            herd.until_ready({"one": 2, "two": 2})
            wait_until(lambda: len(herd.taken()) > 500)
            stack.kill("kafka")
            stack.stop("kafka")
            stack.start("kafka")
            at_restart = len(load.sent)
            wait_until(lambda: len(load.sent) > at_restart + 500)
            sent = load.end()

        def all_taken():
            herd.revive(ExitCode.GENERATION_LOST)
            return len(herd.taken()) >= len(sent)

        wait_until(all_taken, 60)
        herd.until_all_taken(sent)
        wait_until(lambda: owned(herd) == PARTITIONS)
        stack.kill("kafka")
        assert [herd.end(name) for name in ("one", "two")] == [ExitCode.CLEAN, ExitCode.CLEAN]


def owned(herd):
    herd.revive(ExitCode.GENERATION_LOST)
    return sum(len(herd.status(name).get("partitions", ())) for name in ("one", "two"))
