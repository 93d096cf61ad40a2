"""`recon cut`: one record per partition, with a number that grows with the clock."""

import pytest

from ops.cli import main
from ops.errors import DocumentError
from ops.recon.cut import plan_of
from schemas.codec import decode
from schemas.messages.control import Control, TakeCut

NOW = 1_764_376_412_345_678


def test_a_cut_is_one_record_per_partition():
    plan = plan_of("2025-11-29", NOW, "ann", 3)
    assert [(key, number) for key, _, number in plan.records()] == [
        (b"0", 0),
        (b"1", 1),
        (b"2", 2),
    ]
    control = decode(Control, plan.records()[0][1])
    assert control == Control("cut-1764376412", NOW, "ann", TakeCut(1_764_376_412, "2025-11-29"))
    assert plan.lines()[2] == "take cut 1764376412 (2025-11-29) on partition 2"


def test_two_in_the_same_second_are_the_same_cut_and_a_later_one_is_above():
    ids = [plan_of("", NOW + later, "ann", 1).control.control_id for later in (0, 9, 10**6)]
    assert ids[0] == ids[1] < ids[2]


@pytest.mark.parametrize("label", ["yesterday", "2026-02-30", "20261129"])
def test_a_label_is_a_date(label):
    with pytest.raises(DocumentError, match="is no date such as"):
        plan_of(label, NOW, "ann", 1)


@pytest.mark.parametrize(("label", "fits"), [("2025-11-30", True), ("2025-12-01", False)])
def test_a_label_closes_no_day_that_is_not_over_anywhere(label, fits):
    if fits:  # NOW is 2025-11-29, late in UTC: zones are ahead
        assert plan_of(label, NOW, "ann", 1).body.label == label
    else:
        with pytest.raises(DocumentError, match="is not over anywhere"):
            plan_of(label, NOW, "ann", 1)


def test_executing_needs_a_reason(capsys):
    assert main(["recon", "cut", "--execute"]) == 2
    assert "--execute needs --reason" in capsys.readouterr().err
