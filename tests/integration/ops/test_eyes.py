"""The pages of the running processes say what the ledger did, and that it is ready."""

import re
import urllib.request

from eyes import names
from ingress.sdk import Transfer
from tests.support.stack import wait_until

ELSEWHERE = ("ledger_audit_", "ledger_webhook_", "ledger_lake_")
OF_SNAPSHOTS = {"ledger_partition_snapshot_age_seconds", "ledger_partition_snapshot_behind_records"}


def ask(ledger, name, path):
    url = f"http://127.0.0.1:{ledger.eyes[name]}{path}"
    with urllib.request.urlopen(url, timeout=10) as answer:
        return answer.read().decode()


def value_of(text, name, **labels):
    """The sum of a series over everything that has these labels."""
    lines = re.findall(rf"^{name}{{(.*)}} (\S+)$", text, re.MULTILINE)
    wanted = {f'{label}="{value}"' for label, value in labels.items()}
    return sum(float(value) for given, value in lines if wanted <= set(given.split(",")))


def test_workers_tell_decisions_positions_and_no_lag(ledger):
    payer, payee = ledger.open(fund=100_00), ledger.open()
    ledger.final(ledger.send(payer, Transfer(payee, "EUR", 12_50)))
    ledger.quiesce()

    def settled():
        pages = [ask(ledger, name, "/metrics") for name in ledger.workers]

        def total(name, **labels):
            return sum(value_of(page, name, **labels) for page in pages)

        return (
            # Two wallets, a top-up, a transfer.
            total("ledger_commands_decided_total", outcome="accepted") >= 4
            and total("ledger_partition_state_rows") > 0
            and total("ledger_partition_position") > 0
            and total("ledger_partition_lag") == 0
            and total("ledger_process_ready") == len(pages)
        )

    wait_until(settled)
    page = "".join(ask(ledger, name, "/metrics") for name in ledger.workers)
    for topic in ("wallet.commands.v1", "ledger.legs.v1"):
        assert f'topic="{topic}"' in "".join(
            re.findall(r"^ledger_partition_lag.*", page, re.MULTILINE)
        )
    assert all(ask(ledger, name, "/readyz") == "ok\n" for name in ledger.workers)


def test_sinks_tell_what_they_wrote(ledger):
    ledger.open(fund=5_00)
    ledger.quiesce()
    for store in ledger.sinks:
        wait_until(lambda store=store: ask(ledger, store, "/readyz") == "ok\n")
        page = ask(ledger, store, "/metrics")
        assert value_of(page, "ledger_sink_written_total", store=store) >= 2
        assert value_of(page, "ledger_sink_halted") == 0
        assert "ledger_sink_lag{" in page


def test_every_name_is_told_by_somebody(ledger):
    ledger.open(fund=1_00)

    def silent():
        told = "".join(ask(ledger, name, "/metrics") for name in ledger.eyes)
        names_here = {each.name for each in names.METRICS if not each.name.startswith(ELSEWHERE)}
        return {name for name in names_here if f"# HELP {name}" not in told}

    # Neither auditors, webhooks nor a lake run here; tests/unit/sinks has theirs. A snapshot is
    # told of by an owner that made or took one: none may have been due.
    wait_until(lambda: silent() <= OF_SNAPSHOTS)
