"""Rounds beside running workers: tables are the fold, counters add up, and what differs is told."""

from contextlib import closing

from ingress.sdk import Transfer
from ops.checker.state import open_beside, owners_in, rows_of
from schemas.codec import decode, encode
from schemas.messages.rows import OutflowRow
from streams.runtime.applied import applied_bytes
from streams.runtime.overlay import APPLIED_KEY
from streams.runtime.store import StoreRoot
from streams.wallet.tables import OUTFLOWS

SAID = ("--execute", "--reason", "a round")


def test_what_running_workers_hold_is_what_the_log_says(ledger, ctl):
    payer, payee = ledger.open(fund=100_00), ledger.open()
    ledger.accepted(payer, Transfer(payee, "EUR", 5_00))
    ledger.quiesce()
    found = ctl("recon", "state", "--json")
    assert [each["equal"] for each in found["partitions"]] == [True] * ledger.witness.partitions
    assert sum(each["rows"] for each in found["partitions"]) > 0
    assert (found["elsewhere"], found["differences"], found["plan"]) == ([], [], [])
    counted = ctl("recon", "limits", "--json")
    assert [each["differing"] for each in counted["partitions"]] == [0] * len(found["partitions"])
    assert sum(each["wallets"] for each in counted["partitions"]) > 1
    assert "counters of" in ctl("recon", "limits", "--sample")
    assert "is here" in ctl("recon", "state", "--partition", "9999", code=2)


def copied(ledger, partition, folder, change):
    """A second owner of a partition, in a folder of its own, with a row changed."""
    owner = owners_in(ledger.stack.layout.state, lambda each: open_beside(each, folder / each.name))
    with (
        closing(open_beside(owner[partition], folder / "beside")) as store,
        closing(StoreRoot(folder / "state" / "heir").open("wallet", partition)) as heir,
    ):
        applied = store.get(APPLIED_KEY)
        heir.write([*change(dict(rows_of(store))).items(), (APPLIED_KEY, applied)])
    return folder / "state"


def test_a_counter_that_somebody_changed_is_found_by_both_rounds(
    ledger, ctl, tmp_path, monkeypatch
):
    payer, payee = ledger.open(fund=100_00), ledger.open()
    ledger.accepted(payer, Transfer(payee, "EUR", 7_00))
    ledger.quiesce()
    partition = ledger.partition_of(payer)

    def change(rows):
        key = OUTFLOWS.prefix + payer.encode()
        row = decode(OutflowRow, rows[key])
        assert row.day_sum == 7_00
        values = [getattr(row, name) for name in row.__match_args__]
        values[row.__match_args__.index("day_sum")] = 0
        return {**rows, key: encode(OutflowRow(*values))}

    changed = copied(ledger, partition, tmp_path, change)
    monkeypatch.setenv("LEDGER_STATE_DIR", str(changed))
    assert f"difference: outflows row {payer} holds something else" in ctl("recon", "state", code=1)
    counted = ctl("recon", "limits", *SAID, "--json", code=1)
    (difference,) = counted["differences"]
    assert difference["subject"] == f"wallet {payer}"
    assert difference["detail"].endswith("day out sum is 0, adds up to 700")
    assert ctl("recon", "limits", "--json", code=1)["plan"] == [], "it is told once"
    (case,) = [
        each
        for each in ctl("recon", "breaks", "--json", code=1)
        if each["about"] == f"wallet {payer}"
    ]
    assert (case["check"], case["severity"], case["action"]) == ("RI12", "WARNING", "CASE")
    ctl("recon", "assign", case["id"], *SAID)
    ctl("recon", "move", case["id"], "investigate", *SAID)
    ctl("recon", "resolve", case["id"], "--as", "REVERSED", *SAID)


def test_a_state_of_another_log_is_refused(ledger, ctl, tmp_path, monkeypatch):
    store = StoreRoot(tmp_path / "heir").open("wallet", 0)
    with closing(store):
        store.write([(APPLIED_KEY, applied_bytes("elsewhere", 1, {}))])
    monkeypatch.setenv("LEDGER_STATE_DIR", str(tmp_path))
    assert "is the state of another log, elsewhere" in ctl("recon", "state", code=2)
    monkeypatch.setenv("LEDGER_STATE_DIR", str(tmp_path / "nothing"))
    assert "nobody's state is in" in ctl("recon", "limits", code=2)
