"""What an auditor says of itself."""

from prometheus_client import CollectorRegistry
from prometheus_client.exposition import generate_latest

from eyes import names
from ledger.sealing import LogError
from sinks.audit.eyes import SILENT_AFTER_S, AuditEyes
from sinks.errors import StoreAway
from tests.unit.sinks.audit.test_auditor import ORDER, Day


class Watched(Day):
    """An auditor of one store, and its eyes."""

    def __init__(self, *sequences):
        super().__init__(*sequences)
        self.eyes = AuditEyes("postgres", lambda: self.now)
        self.eyes.watch(self.auditor)

    def told(self):
        registry = CollectorRegistry(auto_describe=False)
        registry.register(self.eyes.page())
        return generate_latest(registry).decode()

    def value(self, name):
        (line,) = [each for each in self.told().splitlines() if each.startswith(f"{name}{{")]
        return float(line.split()[-1])


def test_what_it_read_and_repaired_is_on_the_page():
    day = Watched(25_000)
    day.turn()
    read = day.value("ledger_audit_rows_total")
    assert read > 0
    assert day.value("ledger_audit_buckets_total") == 2
    day.ways.ordered = [(0, ORDER)]
    day.turn(0.01)
    assert day.value("ledger_audit_repairs_total") == 1
    assert day.value("ledger_audit_rows_total") > read


def test_every_name_of_an_auditor_is_told():
    told = Watched(1).told()
    assert all(f"# HELP {metric.name}" in told for metric in (*names.AUDITS, names.AUDIT_AGE))


def test_the_age_of_a_round_grows_until_the_last_bucket_is_read():
    day = Watched(25_000)  # three buckets
    day.turn()
    ages = []
    for _ in range(4):
        day.turn(0.5)
        ages.append(day.value("ledger_audit_round_age_seconds"))
    assert ages == [0.5, 0.0, 0.5, 1.0]


def test_of_two_partitions_the_one_that_waits_longest_counts():
    day = Watched(25_000, 5)
    day.turn()
    day.turn(0.5)
    assert day.value("ledger_audit_round_age_seconds") == 0.5


def test_ready_when_it_reads_its_store():
    day = Watched(5)
    assert AuditEyes("postgres", lambda: 0.0).unready().startswith("not started: postgres")
    assert day.eyes.unready() == ""
    day.auditor.attempt = 1
    assert day.eyes.unready() == "store or broker away: postgres"
    assert day.value("ledger_process_ready") == 0


def test_one_that_no_longer_turns_is_dead_and_one_whose_store_is_away_is_not():
    day = Watched(5)
    assert day.eyes.dead() == ""
    day.now += SILENT_AFTER_S
    day.auditor.turns += 1
    assert day.eyes.dead() == ""
    day.now += SILENT_AFTER_S + 1
    assert day.eyes.dead() == "no longer auditing: postgres"
    assert day.eyes.unready() == day.eyes.dead()


def test_attempts_on_a_store_that_is_away_are_counted(monkeypatch):
    day = Watched(5)
    turns = iter([StoreAway("it sleeps"), None])

    def turn():
        if away := next(turns):
            raise away
        assert day.eyes.unready() == "store or broker away: postgres"
        day.stop.set()

    monkeypatch.setattr(day.auditor, "turn", turn)
    monkeypatch.setattr(day.stop, "wait", lambda _: None)
    day.auditor.run()
    assert day.value("ledger_audit_retries_total") == 1
    assert (day.auditor.turns, day.eyes.unready()) == (2, "")


def test_a_repair_that_the_log_cannot_serve_is_counted(monkeypatch):
    def torn(*_):
        raise LogError("torn")

    day = Watched(50)
    day.turn()
    day.ways.ordered = [(0, ORDER)]
    monkeypatch.setattr(day.ways, "decisions", torn)
    day.turn(0.01)
    assert day.value("ledger_audit_repairs_failed_total") == 1
    assert day.value("ledger_audit_repairs_total") == 0
