"""Deliveries in the real PostgreSQL: once by their key, one sender each, endpoints apart."""

import json
from contextlib import closing

import psycopg
import pytest

from ops.cli import main
from sinks.errors import StoreMoved, TopicReplaced
from sinks.postgres.migrate import migrate
from sinks.webhooks.inbox import NOWHERE, Inbox, Move
from sinks.webhooks.queue import GONE, Queue
from sinks.webhooks.registry import Registry
from sinks.webhooks.schedule import TRIPS_AT, Answer, Schedule, State, Verdict
from tests.unit.sinks.webhooks.told import event, subscription

FAST = Schedule(first_s=0.0)
GOOD, BAD = Answer(200), Answer(503, "Service Unavailable")
URL = "http://127.0.0.1:9/hook"


class Desk:
    """The tables of one database, from every side."""

    def __init__(self, dsn):
        migrate(dsn)
        self.dsn = dsn
        self.inbox, self.queue, self.registry = Inbox(dsn, "facts"), Queue(dsn), Registry(dsn)
        self.at = NOWHERE

    def add(self, *names, **said):
        assert self.registry.add([subscription(name, since=0, **said) for name in names])

    def take(self, *numbers):
        after = max(self.at, 0) + 1
        found = self.inbox.take("id", {0: Move(self.at, after)}, [event(number=n) for n in numbers])
        self.at = after
        return found

    def send(self, answer=GOOD, queue=None, busy=()):
        """Claim and settle one; the event it was, or None."""
        held = (queue or self.queue).claim(busy)
        if held is None:
            return None
        verdict = FAST.judge(answer, held.attempts + 1, held.seed)
        (queue or self.queue).settle(held, answer, verdict, 5)
        return held.event_id

    def states(self, name="wh-1"):
        found = self.registry.deliveries(name, None, 100)
        return sorted((each.event_id, each.state, each.attempts) for each in found)

    def close(self):
        for each in (self.inbox, self.queue, self.registry):
            each.close()


@pytest.fixture
def desk(places):
    with closing(Desk(places.postgres)) as found:
        yield found


def test_a_topic_that_comes_again_makes_no_second_delivery(desk, places):
    desk.add("wh-1")
    assert desk.take(1, 2) == 2
    assert {desk.send(), desk.send(BAD)} == {"transaction:0-1-0", "transaction:0-2-0"}
    before = desk.states()
    with psycopg.connect(places.postgres) as connection:
        connection.execute("DELETE FROM webhook_position")
    desk.at = NOWHERE
    assert desk.take(1, 2) == 0
    assert desk.take(1, 2, 3) == 1  # and by another offset
    assert [each for each in desk.states() if each[0] != "transaction:0-3-0"] == before


def test_position_and_deliveries_move_together_or_not_at_all(desk):
    desk.add("wh-1")
    desk.take(1)
    desk.at = NOWHERE  # as another process that believes it is the first
    with pytest.raises(StoreMoved):
        desk.take(2)
    assert [each[0] for each in desk.states()] == ["transaction:0-1-0"]
    assert desk.inbox.positions("id") == {0: 1}
    with pytest.raises(TopicReplaced, match="webhook_position"):
        desk.inbox.positions("another id")


def test_a_delivery_is_in_one_hand_and_a_hand_that_dies_lets_go(desk):
    desk.add("wh-1")
    desk.take(1)
    held = desk.queue.claim([])
    with closing(Queue(desk.dsn)) as other:
        assert other.claim([]) is None
        desk.queue.close()  # as a process that is killed: its connection goes
        again = other.claim([])
        assert (again.message_id, again.attempts) == (held.message_id, 0)
        other.settle(again, GOOD, Verdict(State.DONE), 5)
    assert desk.states() == [("transaction:0-1-0", "DONE", 1)]


def test_senders_share_out_what_is_due(desk):
    desk.add("a", "b")
    desk.take(1, 2)
    queues = [Queue(desk.dsn) for _ in range(5)]
    held = [each.claim([]) for each in queues]
    assert held.pop() is None
    assert len({(each.to.subscription_id, each.event_id) for each in held}) == 4
    for each in queues:
        each.close()
    assert desk.queue.claim(["a", "b"]) is None
    assert desk.queue.claim(["a"]).to.subscription_id == "b"


def test_an_endpoint_that_fails_is_left_alone_and_its_neighbour_is_not(desk):
    desk.add("ill", "well")
    desk.take(*range(TRIPS_AT + 1))
    for _ in range(TRIPS_AT):
        assert desk.send(BAD, busy=["well"])
    assert desk.send(BAD, busy=["well"]) is None
    assert desk.queue.standings().breakers == 1
    for _ in range(TRIPS_AT + 1):
        assert desk.send()
    assert {state for _, state, _ in desk.states("well")} == {"DONE"}
    with psycopg.connect(desk.dsn) as connection:
        connection.execute("UPDATE webhook_subscription SET open_until = now()")
    assert desk.queue.claim([]).failures == TRIPS_AT
    desk.queue.close()
    assert desk.send() is not None
    assert desk.queue.claim([]).failures == 0


def test_an_endpoint_that_is_gone_is_told_nothing_more(desk):
    desk.add("gone", "there")
    desk.take(1, 2)
    assert desk.send(Answer(410, "Gone"), busy=["there"])
    assert [state for _, state, _ in desk.states("gone")] == ["DEAD", "DEAD"]
    assert desk.take(3) == 1
    assert len(desk.states("there")) == 3
    with psycopg.connect(desk.dsn) as connection:
        kept = connection.execute("SELECT why FROM webhook_subscription WHERE standing <> 'ACTIVE'")
        assert kept.fetchall() == [(GONE,)]


def test_a_notice_that_waits_for_the_morning_is_not_due_before(desk):
    desk.add("wh-1")
    desk.take(1)
    held = desk.queue.claim([])
    desk.queue.postpone(held, held.now + 3_600_000_000)
    assert desk.queue.claim([]) is None
    assert desk.states() == [("transaction:0-1-0", "DUE", 0)]


@pytest.fixture
def ctl(desk, monkeypatch, tmp_path, capsys):
    """`ledgerctl` in this process on this database: its exit code and what it printed."""
    monkeypatch.setenv("LEDGER_POSTGRES", desk.dsn)
    monkeypatch.setenv("LEDGER_STATE_DIR", str(tmp_path))
    monkeypatch.setenv("LEDGER_STACK_DIR", str(tmp_path / "none"))

    def run(*arguments):
        capsys.readouterr()
        code = main(arguments)
        return code, capsys.readouterr()

    return run


def told(ctl, *arguments):
    code, printed = ctl(*arguments, "--json")
    assert code == 0, printed
    return json.loads(printed.out)


WHY = ("--execute", "--reason", "a test")
ADD = ("webhooks", "add", "--url", URL, "--allow-private", "--id", "shop", "--type", "hold.*")


def test_a_secret_is_shown_once_and_only_of_what_was_kept(desk, ctl):
    plan = told(ctl, *ADD)
    assert (plan["done"], "secret" in plan) == (False, False)
    assert told(ctl, "webhooks", "list") == []
    added = told(ctl, *ADD, *WHY)
    code, printed = ctl(*ADD, *WHY)
    assert (code, "id: shop is taken" in printed.err) == (2, True)
    rotated = told(ctl, "webhooks", "rotate", "shop", *WHY)
    held = desk.registry.find("shop").secrets
    assert (held.current, held.former) == (rotated["secret"], added["secret"])
    (row,) = told(ctl, "webhooks", "list")
    assert (row["secrets"], row["types"], row["state"]) == (2, "hold.*", "ACTIVE")
    assert not {added["secret"], rotated["secret"]} & set(map(str, row.values()))


def test_a_dead_delivery_is_sent_again_under_its_id_until_nobody_wants_it(desk, ctl, tmp_path):
    assert ctl(*ADD, *WHY)[0] == 0
    held = desk.registry.find("shop")
    desk.inbox.take("id", {0: Move(NOWHERE, 1)}, [event("hold.voided", at=held.since)])
    assert [desk.send(Answer(404, "Not Found")) for _ in range(5)].count(None) == 1
    assert ctl("webhooks", "deliveries", "shop", "--state", "DEAD")[0] == 1
    assert "again, Not Found" in ctl("webhooks", "retry", "shop")[1].out
    assert desk.states("shop") == [("transaction:0-1-0", "DEAD", 4)]
    assert ctl("webhooks", "retry", "shop", *WHY)[0] == 0
    assert desk.queue.claim([]).message_id == held.message_id("transaction:0-1-0")
    desk.queue.close()
    assert ctl("webhooks", "disable", "shop", *WHY)[0] == 0
    assert (desk.queue.claim([]), desk.states("shop")[0][1]) == (None, "DEAD")
    assert ctl("webhooks", "retry", "shop", *WHY)[0] == 2
    noted = (tmp_path / "operations.jsonl").read_text()
    done = [json.loads(line)["what"].split()[0] for line in noted.splitlines()]
    assert done == ["webhook", "send", "disable"]
    assert "whsec_" not in noted


PREFER = ("notices", "prefer", "--owner", "u-1", "--wallet", "w-1", "--kind", "security")


def test_ledgerctl_keeps_what_a_person_prefers(desk, ctl):
    channels = ("--channel", "json://127.0.0.1:9/x/token", "--channel", "tgram://123:abc/1")
    quiet = ("--quiet", "22:00-07:00", "--zone", "Europe/Berlin", "--allow-private")
    code, printed = ctl(*PREFER, *channels, *quiet, *WHY)
    assert (code, "token" in printed.out, "abc" in printed.out) == (0, False, False)
    rows = told(ctl, "notices", "list", "--owner", "u-1")
    assert {each["channel"] for each in rows} == {"json://***", "tgram://***"}
    assert rows[0]["quiet"] == "22:00-07:00 Europe/Berlin"
    assert told(ctl, "notices", "list", "--owner", "u-2") == []
    assert told(ctl, "webhooks", "list") == []
    assert ctl("webhooks", "disable", rows[0]["id"], *WHY)[0] == 2
    assert ctl("notices", "disable", rows[0]["id"], *WHY)[0] == 0
    assert desk.registry.find(rows[0]["id"]).standing == "DISABLED"


def test_who_only_looks_makes_no_tables(places, monkeypatch, tmp_path, capsys):
    monkeypatch.setenv("LEDGER_POSTGRES", places.postgres)
    monkeypatch.setenv("LEDGER_STACK_DIR", str(tmp_path / "none"))
    assert main(["webhooks", "list"]) == 3
    assert "no tables of webhooks yet" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (("webhooks", "add", "--url", URL), "not of the public internet"),
        (("webhooks", "add", "--url", "http://example.com/"), "this machine only"),
        (("webhooks", "add", "--url", URL, "--allow-private", "--type", "X"), "type: 'X'"),
        (("webhooks", "add", "--url", URL, "--allow-private", "--execute"), "--reason"),
        (("webhooks", "rotate", "nobody"), "ID: there is no nobody"),
        (("webhooks", "deliveries", "nobody"), "ID: there is no nobody"),
        (
            (*PREFER, "--channel", "tgram://1:a/1", "--quiet", "7-8"),
            "quiet: ",
        ),
        (
            (*PREFER, "--channel", "exec://rm"),
            "channel: ",
        ),
    ],
)
def test_what_cannot_be_kept_is_refused_by_its_field(ctl, arguments, named):
    code, printed = ctl(*arguments)
    assert (code, named in printed.err) == (2, True), printed
