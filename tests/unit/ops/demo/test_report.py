"""The report: what a reader sees of a good day, and that nothing bad is hidden."""

from io import StringIO
from types import SimpleNamespace

import pytest
from rich.console import Console

from ops.answers import Taken
from ops.audit.totals import Totals
from ops.checker.report import Report, new_results
from ops.demo.reconciled import Reconciled
from ops.demo.report import show, show_next
from ops.demo.run import Ended
from ops.demo.traffic import Figures
from schemas.messages.recon import CutMoney, CutProved
from tests.unit.ops.ledger_day import decisions


def figures():
    taken = [Taken(f"c{each}", 10.0 + each, 0.010 + each / 1_000) for each in range(100)]
    return Figures(
        paced=taken, killed_at=60.0, orphaned=frozenset({"c70", "c80"}), poured=5_000, poured_s=2.0,
        decisions=9, decisions_s=1.0, sinks_s=0.26,
    )  # fmt: skip


def totals():
    sums = Totals()
    for decision in decisions():
        sums.add(decision)
    return sums


def report_of(*findings):
    report = Report(9, new_results())
    for finding in findings:
        report.results[8].add("Redis", finding)
    return report


def reconciled(*breaks, equal=True):
    money = (CutMoney("EUR", 0 if equal else 5, -40, 40, 0),)
    return Reconciled(CutProved(7, "", 8, equal, money, 1, 0, 0, ()), (), breaks)


def shown(sums, report, found=None):
    console = Console(record=True, width=120, file=StringIO())
    audit = SimpleNamespace(totals=sums)
    show(console, Ended(figures(), audit, found or reconciled(), report))
    return console.export_text()


def test_a_good_day_in_five_tables():
    report = report_of()
    report.results[8].looked_at = 1_234
    text = shown(totals(), report)
    assert "accepted" in text
    assert "UNREADABLE" in text
    assert "EUR" in text
    assert "1,234" in text
    assert "yes" in text
    assert "NO" not in text.replace("NONE", "")
    assert "difference:" not in text


def test_what_differs_is_shown_and_nothing_in_it_is_taken_for_markup():
    text = shown(totals(), report_of("wallet [bold] is [/off]"))
    assert "NO" in text
    assert "difference: 8 Redis: wallet [bold] is [/off]" in text


def test_what_the_partitions_say_of_each_other_is_shown():
    text = shown(totals(), report_of(), reconciled("RI02 a leg is lost", equal=False))
    assert "cut 7 through 8 partitions" in text
    assert "NO" in text
    assert "difference: RI02 a leg is lost" in text
    assert not Ended(None, None, reconciled("RI02"), report_of()).holds
    assert not Ended(None, None, reconciled(equal=False), report_of()).holds
    assert not Ended(None, None, reconciled(), report_of("a row")).holds
    assert Ended(None, None, reconciled(), report_of()).holds


def test_a_crooked_trial_balance_is_seen():
    sums = totals()
    sums.balances[1, "IB", "0", "EUR"] += 7_000
    row = next(line for line in shown(sums, report_of()).splitlines() if "EUR" in line)
    assert "7,000" in row
    assert "-7,000" in row  # what is in flight


def test_only_the_first_differences_are_shown():
    text = shown(totals(), report_of(*[f"finding {each}" for each in range(50)]))
    assert text.count("difference:") == 20


def test_an_empty_log_can_be_shown():
    assert "all" in shown(Totals(), report_of())


def test_the_figures_in_words():
    lines = dict(figures().lines())
    assert lines["as fast as it goes, commands/s"] == "2,500"
    assert lines["kill -9 of a worker: first answer for its wallets"] == "20.1 s"
    assert lines["produce to result at 2,000 commands/s, p50"] == "34 ms"
    assert lines["sinks level with the log after the last answer"] == "0.3 s"


def test_answers_that_the_kill_delayed_are_not_in_the_quantiles():
    calm = figures()
    late = Figures(
        paced=[*calm.paced, Taken("slow", 59.0, 30.0)], killed_at=60.0, poured=1, poured_s=1.0
    )
    assert dict(late.lines())["produce to result at 2,000 commands/s, p99"] == "59 ms"


def test_a_day_too_short_to_measure_has_figures_all_the_same():
    lines = dict(Figures().lines())
    assert lines.pop("sinks level with the log after the last answer") == "0.0 s"
    assert set(lines.values()) == {"not measured"}


def test_recovery_counts_orphans_that_were_due_after_the_kill_only():
    early = Figures(paced=[Taken("a", 59.0, 3.0)], killed_at=60.0, orphaned=frozenset("a"))
    assert early.recovery_s() is None


@pytest.mark.parametrize("command", ["psql [x]", 'redis-cli -u "a" --scan | head'])
def test_commands_are_ready_to_paste(command, capsys):
    show_next(Console(width=20), {"Try next": [command]})
    assert f"  {command}" in capsys.readouterr().out.splitlines()
